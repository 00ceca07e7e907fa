from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegulationsConfig(AppConfig):
    name = "regulations"
    verbose_name = "Quy định theo ngày"

    def ready(self):
        post_migrate.connect(load_after_migrate, sender=self)


def load_after_migrate(sender, using, **kwargs):
    """National rows always equal their source (also after a test flushed the tables)."""
    from regulations.loading import load_days, load_rules

    load_rules(using=using)
    load_days(using=using)
