from django.apps import AppConfig


class ChiboConfig(AppConfig):
    name = "chibo"
    verbose_name = "Chi bộ"

    def ready(self):
        from chibo import wiring

        wiring.connect()
