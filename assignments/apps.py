from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "assignments"
    verbose_name = "Nhiệm vụ"

    def ready(self):
        from assignments import rules  # noqa: F401 -- registers the permissions
