from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Tự phê bình, kiểm điểm"

    def ready(self):
        from reviews import rules  # noqa: F401 -- registers the permissions
