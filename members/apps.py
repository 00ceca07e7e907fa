from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Đảng viên, tổ chức"

    def ready(self):
        from members import rules  # noqa: F401 -- registers the permissions
