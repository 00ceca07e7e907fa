from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "fees"
    verbose_name = "Đảng phí"

    def ready(self):
        from fees import rules  # noqa: F401 -- registers the permissions
