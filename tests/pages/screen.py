"""A browser without a browser: sign in as somebody, press buttons, read what comes back."""

import json
from typing import Any

from django.test import Client

from heart.accounts.models import User


class Screen(Client):
    """A signed-in person in front of the console."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(raise_request_exception=False)
        if user is not None:
            self.force_login(user)

    def press(self, address: str, **values: Any) -> Any:
        """Press a button or send a form, as htmx does."""
        return self.post(address, values, headers={"HX-Request": "true"})

    def keep(self, address: str, **body: Any) -> Any:
        """Save by itself, as the intake form does."""
        return self.post(
            address,
            json.dumps(body),
            content_type="application/json",
            headers={"Accept": "application/json"},
        )


def said(answer: Any) -> str:
    """What the console says it did."""
    text: str = json.loads(answer.headers["HX-Trigger"])["heart:said"]["text"]
    return text


def problems(answer: Any) -> dict[str, str]:
    """Why the console refused, by field."""
    found: dict[str, str] = json.loads(answer.headers["HX-Trigger"])["heart:refused"]["problems"]
    return found
