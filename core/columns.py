"""Fetching wide joins cheaply: all columns of a model itself, of the joined ones only those a page shows."""


def own(model) -> list[str]:
    """Names of a model's own columns, for ``only(*own(Model), "chair__full_name")``; without the copies for search."""
    return [field.name for field in model._meta.concrete_fields if not field.generated]
