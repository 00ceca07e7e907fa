from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Cuộc họp"

    def ready(self):
        from meetings import rules  # noqa: F401 -- registers the permissions
