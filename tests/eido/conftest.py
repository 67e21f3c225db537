from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from django.test import Client

from tests.eido.documents import TINY_SCHEMA

if TYPE_CHECKING:
    from tests.people import People


class Send(Protocol):
    """Posts a document and gives the answer."""

    def __call__(self, body: Any, *, key: str = "", who: str = "dev") -> Any: ...


@pytest.fixture
def tiny_schema(settings: Any) -> None:
    """Our own small schema and no registries."""
    settings.HEART_EIDO_SCHEMA = str(TINY_SCHEMA)
    settings.HEART_EIDO_REGISTRIES = ""


@pytest.fixture
def tiny_registries(settings: Any, tmp_path: Path) -> None:
    """Two registries, as an agency would lay them into a folder."""
    for name, values in {
        "EIDO-IncidentType-Common.csv": ["WELFARE", "MNTL"],
        "EIDO-IncidentStatus-Common.csv": ["Active", "Closed"],
    }.items():
        (tmp_path / name).write_text("value,description\n" + "".join(f"{v},x\n" for v in values))
    settings.HEART_EIDO_REGISTRIES = str(tmp_path)


@pytest.fixture
def send(people: "People", tiny_schema: None) -> Send:
    """The API, as the dispatcher Dev unless somebody else is named."""

    def post(body: Any, *, key: str = "", who: str = "dev") -> Any:
        client = Client(raise_request_exception=True)
        client.force_login(getattr(people, who))
        headers = {"Idempotency-Key": key} if key else {}
        return client.post("/api/v1/eido/", body, "application/json", headers=headers)

    return post
