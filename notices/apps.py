from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "Thông báo"

    def ready(self):
        from django.conf import settings

        from notices import hours, rules  # noqa: F401 -- rules registers the permissions

        hours.parse(settings.NOTICE_QUIET_HOURS)  # written wrongly, it stops the start, not the mail at night
