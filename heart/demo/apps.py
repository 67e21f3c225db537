from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "heart.demo"
    label = "heart_demo"
    verbose_name = "Demo"
