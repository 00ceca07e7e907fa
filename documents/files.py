"""Where the files of papers lie: outside static files, with no address of their own."""

from uuid import uuid4


def random_name(instance, filename) -> str:
    """A name that tells nothing: papers/3f/3f2a….pdf."""
    token = uuid4().hex
    return f"papers/{token[:2]}/{token}.pdf"
