"""A rich call for the screens to show, made by other systems' requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.console import Console

NO_DANGER = {
    "in_area": "y",
    "medical": "none",
    "harm_now": "no",
    "weapon": "none",
    "violence": "none",
    "crime": "none",
    "hazard": "none",
}


class World:
    """What other people have done, through the API."""

    def __init__(self, console: Console, token: str) -> None:
        self.console, self.token = console, token

    def does(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.console.request("POST", f"/api/v1/{path}", body or {}, token=self.token)
        assert answer.status in (200, 201), answer
        return answer.body

    def call(self, nature: str, narrative: str = "", **answers: str) -> str:
        """A call that somebody else took; its number."""
        body = {
            "caller_phone": "555-0148",
            "location_text": "156 Russet Avenue, second floor, flat C",
            "nature": nature,
            "narrative": narrative,
            "answers": {**NO_DANGER, **answers},
        }
        number: str = self.does("calls/", body)["number"]
        return number

    def wants_to_talk(self) -> str:
        return self.call(
            "EMOTDIST", "Cannot stop crying.", caller="self", si="thoughts", contact="willing"
        )

    def status_of(self, code: str) -> str:
        """What a team does now."""
        answer = self.console.request("GET", "/api/v1/units/", token=self.token)
        status: str = next(row["status"] for row in answer.body if row["code"] == code)
        return status

    def frees(self, code: str) -> None:
        """The team is on no call, whatever it was on before."""
        status = self.status_of(code)
        if status in ("dispatched", "en_route"):
            self.does(f"units/{code}/status/", {"status": "on_scene"})
        if status not in ("available", "off_hours"):
            self.does(f"units/{code}/status/", {"status": "available", "outcome": "resolved"})

    @contextmanager
    def in_every_hand(self) -> Iterator[str]:
        """Level 3 with COR1 on scene, which wants backup; a hand-off, a wish to lower, a note."""
        number = self.call("SUITHREAT", "Rifle in the closet.", weapon="accessible", si="intent")
        run = f"runs/{self.does(f'calls/{number}/assignments/', {'unit': 'COR1'})['id']}/"
        self.does(f"{run}start/")
        self.does(f"{run}arrival/")
        self.does(f"{run}backup/", {"agency": "POLICE"})
        self.does(f"calls/{number}/handoffs/", {"agency": "EMS", "reference": "E-77"})
        self.does(f"calls/{number}/notes/", {"text": "The neighbor holds the key."})
        wish = {"route": "CRT", "level": 2, "reason": "the rifle is locked away"}
        self.does(f"calls/{number}/lowering/", wish)
        try:
            yield number
        finally:
            self.does(f"{run}clearing/")
            self.does(f"{run}clear/", {"outcome": "resolved", "felt_safe": "yes"})
