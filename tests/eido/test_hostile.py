"""Whatever is sent gets an answer: 2xx, or a problem in words; never a 500."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.eido.conftest import Send
from tests.eido.documents import document

pytestmark = pytest.mark.django_db
slow = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "=1+1", "\u202egnp", "<b>", "tel:", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document at which a value could stand."""
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    return [path] + [place for key, item in steps for place in places(item, (*path, key))]


def replaced(made: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    inside = made
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    return made


@slow
@given(place=st.sampled_from(places(document())), value=VALUES)
@pytest.mark.parametrize("schema", ["tiny", "anything"])
def test_any_value_at_any_place_gets_an_answer(
    send: Send, settings: Any, tmp_path: Any, schema: str, place: tuple[Any, ...], value: Any
) -> None:
    if schema == "anything":
        open_schema = tmp_path / "anything.json"
        open_schema.write_text("{}")
        settings.HEART_EIDO_SCHEMA = str(open_schema)

    answer = send(json.dumps(replaced(document(), place, value)))

    assert answer.status_code in {200, 201, 400, 422}
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"


@slow
@given(body=st.binary(max_size=60))
def test_bytes_that_are_no_document_get_an_answer(send: Send, body: bytes) -> None:
    assert send(body).status_code in {400, 422}
