from django.apps import AppConfig


class EidoConfig(AppConfig):
    name = "heart.eido"
    label = "heart_eido"
    verbose_name = "Eido"
