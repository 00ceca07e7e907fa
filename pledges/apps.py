from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "pledges"
    verbose_name = "Làm theo Bác"

    def ready(self):
        from pledges import rules  # noqa: F401 -- registers the permissions
