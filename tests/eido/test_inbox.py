"""What an EIDO becomes: a call, then news about it, never a second call and never a step back."""

from typing import Any

import pytest

from heart.eido.models import Incident
from heart.eido.reading import plain
from heart.journal.actor import Actor
from heart.journal.models import Entry
from intake.models import Call
from tests.builders import NO_DANGER
from tests.eido.conftest import Send
from tests.eido.documents import INCIDENT, civic, document, location, point, presence
from tests.people import People
from triage import actions as triage
from triage.models import Eligibility

pytestmark = pytest.mark.django_db


def the_call() -> Call:
    return Call.objects.get(source=Call.Source.EIDO)


def by(people: People) -> Actor:
    return people.rosa.actor("console")


def test_new_incident_becomes_a_triaged_call(send: Send) -> None:
    answer = send(document())

    call = the_call()
    assert answer.status_code == 201
    assert answer.json()["number"] == call.number
    assert answer.json()["status"] == "open"
    assert answer.json()["outcome"] == "created"
    assert answer.json()["decision"]["rule_set"] == call.assessment.rule_set.version
    assert (call.external_ref, call.caller_phone) == (INCIDENT, "+1-919-555-0142")
    assert (call.latitude, call.longitude) == (35.99, -78.9)
    assert call.location_text == "35.99, -78.9, within 40 m"
    assert call.nature is not None
    assert call.nature.code == "WELFURG"
    note = call.notes.get()
    assert "Local type text check the neighbour" in note.text
    assert "12 Elm" in note.text
    assert "no answer at the door & dog barks" in note.text
    assert [entry.verb for entry in Entry.objects.filter(call_id=call.pk)] == [
        "call.received",
        "call.noted",
    ]


def test_incident_without_a_type_waits_for_a_person(send: Send) -> None:
    answer = send(document(incidentComponent=None))

    assert answer.status_code == 201
    assert answer.json()["decision"] is None
    assert "no incident type: the call waits for a call-taker to ask" in answer.json()["warnings"]
    assert the_call().eligibility.state == Eligibility.State.NOT_TRIAGED


def test_unknown_type_becomes_other_with_a_warning(send: Send) -> None:
    made = document()
    made["incidentComponent"]["incidentTypeCommonRegistryText"] = "LARCENY"

    answer = send(made)

    assert the_call().nature.code == "OTHER"  # type: ignore[union-attr]
    assert "the incident type LARCENY has no nature of ours: OTHER" in answer.json()["warnings"]


def test_caller_location_wins_over_the_routing_location(send: Send) -> None:
    made = document(
        locationComponent=[
            location("RoutingLocation", presence(point("1 1")), "loc-0"),
            location("Caller", presence(point("35.99 -78.9"))),
        ]
    )
    made["incidentComponent"]["locationReference"] = [{"$ref": "loc-0"}, {"$ref": "loc-1"}]

    send(made)

    assert (the_call().latitude, the_call().longitude) == (35.99, -78.9)
    assert "Location (RoutingLocation): 1.0, 1.0" in the_call().notes.get().text


def test_routing_location_alone_gives_words_but_no_pin(send: Send) -> None:
    xml = presence(point("1 1"), civic(A3="Durham"))
    made = document(locationComponent=[location("RoutingLocation", xml)])

    answer = send(made)

    assert the_call().latitude is None
    assert the_call().location_text == "1.0, 1.0 (routing location)"
    assert (
        "only the routing location is known: the caller may be elsewhere"
        in answer.json()["warnings"]
    )


def test_location_by_reference_is_kept_and_not_fetched(send: Send) -> None:
    url = "https://lis.example/42"
    made = document(locationComponent=[location("Caller", locationByReferenceUrl=url)])

    answer = send(made)

    assert url in the_call().notes.get().text
    assert "the Caller location is given by reference, not fetched" in answer.json()["warnings"]
    assert "no usable location" in answer.json()["warnings"]


def test_high_priority_raises_the_level_by_the_table(send: Send) -> None:
    made = document()
    made["incidentComponent"]["incidentCommonPriorityNumber"] = 9

    assert send(made).json()["decision"]["level"] == 4


def test_newer_document_updates_the_same_call(send: Send) -> None:
    send(document())
    newer = document(5)
    newer["callbackComponent"][0]["callBackInformationUri"] = ["tel:9195550177"]
    newer["notesComponent"][0]["notesActionComments"] = "she has opened the door"

    answer = send(newer)

    assert (answer.status_code, answer.json()["outcome"]) == (200, "updated")
    assert the_call().caller_phone == "9195550177"
    assert [note.text.count("she has opened") for note in the_call().notes.all()] == [0, 1]
    assert "no answer" not in the_call().notes.last().text  # type: ignore[union-attr]


@pytest.mark.parametrize("minutes", [0, -5])
def test_document_that_is_not_newer_changes_nothing_and_says_so(send: Send, minutes: int) -> None:
    send(document())
    before = Entry.objects.count()
    stale = document(minutes)
    stale["callbackComponent"][0]["callBackInformationUri"] = ["tel:9195550177"]

    answer = send(stale)

    assert (answer.status_code, answer.json()["outcome"]) == (200, "unchanged")
    assert "nothing was changed" in answer.json()["warnings"][0]
    assert the_call().caller_phone == "+1-919-555-0142"
    assert Entry.objects.count() == before


def test_update_does_not_undo_what_a_call_taker_corrected(send: Send, people: People) -> None:
    send(document())
    fields = {"caller_phone": "919-555-0199", "nature": "WELFNON"}
    triage.save(call_id=the_call().pk, fields=fields, answers=NO_DANGER, by=by(people))

    send(document(5))

    assert the_call().caller_phone == "919-555-0199"
    assert the_call().nature.code == "WELFNON"  # type: ignore[union-attr]


@pytest.mark.tampers("closed by hand, because closing is tested elsewhere")
def test_news_about_a_closed_call_only_adds_notes(send: Send, people: People) -> None:
    send(document())
    Call.objects.update(status="closed", closed_at=the_call().received_at)
    newer = document(5)
    newer["callbackComponent"][0]["callBackInformationUri"] = ["tel:9195550177"]
    newer["notesComponent"][0]["notesActionComments"] = "one more thing"

    answer = send(newer)

    assert "the call is closed here" in answer.json()["warnings"][0]
    assert the_call().caller_phone == "+1-919-555-0142"
    assert "one more thing" in the_call().notes.last().text  # type: ignore[union-attr]


def test_incident_is_known_again_by_its_own_id_when_the_document_id_is_new(send: Send) -> None:
    send(document())

    answer = send(document(5, **{"$id": "message-2"}))

    assert answer.json()["outcome"] == "updated"
    assert Call.objects.filter(source=Call.Source.EIDO).count() == 1


def test_very_long_id_still_finds_its_call(send: Send) -> None:
    long = INCIDENT + "x" * 500
    first, second = document(0, **{"$id": long}), document(5, **{"$id": long})
    for made in (first, second):
        made["incidentComponent"]["$id"] = long

    assert [send(first).json()["outcome"], send(second).json()["outcome"]] == [
        "created",
        "updated",
    ]
    assert len(Incident.objects.get().reference) == 120


def test_same_key_gets_the_same_answer_and_one_call(send: Send) -> None:
    first, second = send(document(), key="k-1"), send(document(), key="k-1")

    assert (second.status_code, second.json()) == (201, first.json())
    assert Call.objects.filter(source=Call.Source.EIDO).count() == 1


def test_same_key_with_another_document_is_refused(send: Send) -> None:
    send(document(), key="k-1")

    answer = send(document(5), key="k-1")

    assert (answer.status_code, answer.json()["type"][-10:]) == (422, "key-reused")


def test_faulty_document_gets_a_problem_with_pointers_and_stores_nothing(send: Send) -> None:
    answer = send(document(eidoVersion="2.0", callComponent=[{"a": {"$ref": "gone"}}]))

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/eidoVersion"]
    assert not Call.objects.filter(source=Call.Source.EIDO).exists()


def test_console_without_a_schema_says_what_is_missing(send: Send, settings: Any) -> None:
    settings.HEART_EIDO_SCHEMA = ""

    answer = send(document())

    assert answer.status_code == 503
    assert "HEART_EIDO_SCHEMA" in answer.json()["detail"]


def test_body_over_the_limit_is_refused_before_it_is_read(send: Send) -> None:
    answer = send("[" + "1," * 600_000 + "1]")

    assert answer.status_code == 413


def test_person_without_the_permission_is_refused(send: Send) -> None:
    assert send(document(), who="imani").status_code == 403


def test_merge_and_end_over_there_are_told_and_left_to_a_person(send: Send) -> None:
    made = document(mergeComponent=[{"$id": "m", "incidentTrackingIdentifier": "other-1"}])
    made["incidentComponent"]["incidentStatusCommonRegistryText"] = ["Closed"]

    warnings = send(made).json()["warnings"]

    assert "the sender has ended the incident; here it is closed by a person" in warnings
    assert "the sender has merged or split it with other-1" in warnings
    assert the_call().status == "open"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p class='x'>two &lt; 3</p>", "one two < 3"),
        ("pulse < 50 and > 40", "pulse < 50 and > 40"),
        ("<!-- kept apart -->word", "word"),
    ],
)
def test_html_note_becomes_plain_text(html: str, text: str) -> None:
    assert plain(html) == text


def test_note_of_open_tags_is_read_in_no_time() -> None:
    assert len(plain("<a" * 500_000)) == 1_000_000
