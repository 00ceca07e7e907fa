"""The project: the only package that knows every app."""

from chibo.celery import app as celery_app

__all__ = ["celery_app"]
