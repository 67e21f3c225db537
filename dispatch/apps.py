from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "dispatch"
    verbose_name = "Dispatch"

    def ready(self) -> None:
        """A wrong choice of routing stops the start, not the first call."""
        from dispatch.travel import routing  # noqa: PLC0415 - settings and apps have to be there

        routing()
