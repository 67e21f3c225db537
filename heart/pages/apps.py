from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "heart.pages"
    label = "heart_pages"
    verbose_name = "Pages"

    def ready(self) -> None:
        from heart.pages import (  # noqa: PLC0415 - models are loaded only now
            alert_parts,
            board_parts,
            desk_parts,
            fragments,
            team_parts,
            worklist_parts,
        )

        for parts in (
            alert_parts,
            board_parts,
            fragments,
            desk_parts,
            team_parts,
            worklist_parts,
        ):
            parts.enter()
