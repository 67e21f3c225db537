from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "heart.api"
    label = "heart_api"
    verbose_name = "Api"
