"""The workshop of the rules: who may do what, bad input, two people at once, the way into force."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heart.accounts.models import User
from heart.journal.models import Entry
from heart.roles import Permission, Role, allowed
from tests.builders import Given
from tests.pages.screen import Screen
from tests.people import People
from triage.exchange import json_file
from triage.models import RuleSet, Scenario
from triage.panel import PAGES
from triage.queries import protocol_rows
from triage.states import RuleSetStatus

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
Status = RuleSetStatus
READS = ("version", "table", "questions", "settings", "proof", "export", "export_csv")
NOTHING_KNOWN = {"nature": None, "answers": {}, "switches": {}}


def address(name: str, version: int = 1) -> str:
    return reverse(f"admin:triage_ruleset_{name}", args=[version])


def row(version: int, code: str = "R08") -> dict[str, Any]:
    """A rule as a form sends it."""
    found = next(row for row in protocol_rows(version).rules if row["code"] == code)
    return {name: deepcopy(value) for name, value in found.items() if name != "order"}


def put(version: int, code: str = "R08", **changes: Any) -> dict[str, Any]:
    return {"put": "rules", "name": code, "row": {**row(version, code), **changes}}


def to_the_team(version: int) -> dict[str, Any]:
    """R08 sends the unarmed team where a weapon is within reach."""
    body = {**row(version)["body"], "routes": [{"route": "CRT"}]}
    return put(version, body=body)


def places(answer: Any) -> list[tuple[str, str]]:
    return [(one["row"], one["pointer"]) for one in answer.json()["errors"]]


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READS)
def test_every_page_opens_for_those_who_administer_and_for_nobody_else(
    people: People, at: At, name: str
) -> None:
    for user in people.by_role().values():
        status = at(user).get(address(name)).status_code

        assert status == (200 if allowed(user, Permission.ADMINISTER) else 302), user


def test_the_administrator_reads_but_neither_edits_nor_approves(
    given: Given, people: People, at: At
) -> None:
    draft, waiting = given.rule_set(), given.rule_set(Status.IN_REVIEW)
    kai = at(people.kai)

    refused = [
        kai.keep(address("save", draft.version), revision=0, edit=to_the_team(draft.version)),
        kai.keep(address("keep", draft.version), title="x", example=NOTHING_KNOWN),
        kai.post(address("submit", draft.version)),
        kai.post(address("approve", waiting.version)),
        kai.post(reverse("admin:triage_ruleset_import")),
    ]

    assert [answer.status_code for answer in refused] == [403] * 5
    assert "Save rule" not in kai.get(address("table", draft.version)).content.decode()


def test_a_version_that_is_not_there_is_said_to_be_so(people: People, at: At) -> None:
    sam = at(people.sam)

    assert [sam.get(address(name, 99)).status_code for name in READS] == [404] * len(READS)
    assert sam.get("/admin/triage/ruleset/999/change/").status_code == 404


def test_the_address_of_the_panel_leads_to_the_version(people: People, at: At) -> None:
    pk = RuleSet.objects.get(version=1).pk

    answer = at(people.sam).get(f"/admin/triage/ruleset/{pk}/change/")

    assert (answer.status_code, answer.headers["Location"]) == (302, address("version"))


# --- reading -------------------------------------------------------------------------------------


def test_the_table_shows_every_rule_in_words_and_a_frozen_one_offers_no_change(
    people: People, at: At
) -> None:
    page = at(people.sam).get(address("table")).content.decode()

    assert page.count('<tr class="rule"') == len(protocol_rows(1).rules)
    assert "A weapon is in hand" in page
    assert "data-frozen" in page
    assert 'data-row-does="up"' not in page


def test_a_link_opens_the_example_filled_in(people: People, at: At) -> None:
    page = at(people.sam).get(address("table"), {"nature": "SUITHREAT", "weapon": "in_hand"})

    assert page.context["example"][0].chosen == "SUITHREAT"
    assert {line.name: line.chosen for line in page.context["example"]}["weapon"] == "in_hand"


def test_the_proof_shows_every_statement_every_scenario_and_what_stands_out(
    people: People, at: At
) -> None:
    answer = at(people.sam).get(address("proof"))
    page = answer.content.decode()

    shown = answer.context["shown"]
    assert (len(shown.broken), len(shown.failed)) == (0, 0)
    assert page.count('data-holds="yes"') == len(shown.statements) + len(shown.tried)
    assert "pairs of rules that can hold together" in page


def test_the_proof_of_an_unsafe_draft_begins_with_what_is_broken(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    sam = at(people.sam)
    sam.keep(address("save", version), revision=0, edit=to_the_team(version))

    answer = sam.get(address("proof", version))

    first = answer.context["shown"].worst_first[0]
    page = answer.content.decode()
    assert first.words.code == "team-never-meets-weapon"
    assert first.broken[0].call.got.startswith("CRT")
    assert page.index('data-holds="no"') < page.index('data-holds="yes"')
    assert f"{address('table', version)}?weapon=accessible&amp;si=plan" in page


@pytest.mark.parametrize("name", ["version", "table", "questions", "settings"])
def test_a_page_asks_the_database_as_often_with_one_version_as_with_many(
    given: Given, people: People, at: At, name: str
) -> None:
    sam = at(people.sam)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert sam.get(reverse("admin:triage_ruleset_changelist")).status_code == 200
            assert sam.get(address(name)).status_code == 200
        return len(asked)

    queries()  # the session is read and written down the first time
    few = queries()
    for _ in range(3):
        given.rule_set()

    assert queries() == few


# --- checking while typing -----------------------------------------------------------------------


def test_an_example_is_decided_with_the_row_as_it_is_typed(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    example = {"nature": None, "answers": {"weapon": "accessible", "si": "plan"}, "switches": {}}
    sam = at(people.sam)

    saved = sam.keep(address("check", version), example=example).json()
    typed = sam.keep(address("check", version), example=example, edit=to_the_team(version)).json()

    assert (saved["decides"], saved["outcome"]["route"]) == ("R08", "COR")
    assert (typed["decides"], typed["outcome"]["route"], typed["faults"]) == ("R08", "CRT", [])
    assert "Why not another rule" in typed["html"]


def test_a_row_that_cannot_be_read_is_named_with_its_fields_and_decides_nothing(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    wrong = {"when": [[{"field": "weapon", "op": "in", "value": []}]], "routes": [], "level": 7}

    answer = at(people.sam).keep(
        address("check", version), edit=put(version, body=wrong), example=NOTHING_KNOWN
    )

    faults = [(fault["row"], fault["pointer"]) for fault in answer.json()["faults"]]
    assert faults == [("R08", "/when/0/0/value"), ("R08", "/routes"), ("R08", "/level")]
    assert answer.json()["decides"] == "R99"


def test_what_is_typed_is_proven_and_a_counter_example_is_shown(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version

    answer = at(people.sam).keep(address("prove", version), edit=to_the_team(version)).json()

    broken = {one["statement"]: one["calls"] for one in answer["broken"]}
    assert not answer["safe"]
    assert broken["team-never-meets-weapon"][0][0]["answers"]["weapon"] == "accessible"
    assert "weapon=accessible" in answer["html"]


def test_a_statement_that_cannot_be_asked_any_more_is_told_and_nothing_is_called_safe(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    remove = {"remove": "questions", "name": "interpreter"}  # a statement speaks of it

    answer = at(people.sam).keep(address("prove", version), edit=remove)

    assert (answer.status_code, answer.json()["safe"]) == (200, False)
    assert "Cannot be proven" in answer.json()["html"]


def test_what_no_statement_sees_is_told_and_nothing_is_called_safe(
    given: Given, people: People, at: At
) -> None:
    row = given.rule_set()
    weapon = next(q for q in protocol_rows(row.version).questions if q["key"] == "weapon")
    hidden = {**weapon, "only_after": {"field": "nature", "in": ["WEAPON"]}}
    del hidden["order"]
    edit = {"put": "questions", "name": "weapon", "row": hidden}

    answer = at(people.sam).keep(address("prove", row.version), edit=edit).json()

    assert (answer["safe"], answer["faults"]) == (False, [])
    assert "R04: reads weapon, which is asked only after nature" in answer["html"]


# --- saving --------------------------------------------------------------------------------------


def test_a_row_is_saved_and_only_that_row(given: Given, people: People, at: At) -> None:
    version = given.rule_set().version
    before = protocol_rows(version)

    answer = at(people.sam).keep(
        address("save", version), revision=0, edit=put(version, citation="local order 7")
    )

    after = protocol_rows(version)
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    changed = [new for old, new in zip(before.rules, after.rules, strict=True) if old != new]
    assert [(rule["code"], rule["citation"]) for rule in changed] == [("R08", "local order 7")]
    assert Entry.objects.get(verb="rule_set.edited").payload["what"] == "R08"
    assert 'data-code="R08"' in answer.json()["rows"]


def test_rows_are_moved_added_and_removed(given: Given, people: People, at: At) -> None:
    version = given.rule_set().version
    sam = at(people.sam)
    edits = [
        {"move": "rules", "name": "R13", "place": 15},
        {"put": "rules", "name": None, "row": row(version, "R22") | {"code": "N1"}, "place": 15},
        {"remove": "rules", "name": "R22"},
        {"remove": "questions", "name": "interpreter"},
    ]

    answers = [
        sam.keep(address("save", version), revision=revision, edit=edit)
        for revision, edit in enumerate(edits)
    ]

    codes = [rule["code"] for rule in protocol_rows(version).rules]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert codes[15:17] == ["N1", "R13"]
    assert "R22" not in codes
    assert 'data-code="weapon"' in answers[-1].json()["rows"]


def test_switches_targets_and_fallback_are_saved_as_a_whole(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    files = protocol_rows(version)
    targets = [{**one, "seconds": one["seconds"] + 1} for one in files.targets]
    edits: list[dict[str, Any]] = [
        {"put": "rule_set", "changes": {"title": "Slower", "switches": {"minors": "cor"}}},
        {"put": "targets", "rows": targets},
        {"put": "fallback", "rows": files.fallback[:2]},
    ]

    for revision, edit in enumerate(edits):
        answer = at(people.sam).keep(address("save", version), revision=revision, edit=edit)
        assert answer.status_code == 200, answer.json()

    after = protocol_rows(version)
    assert (after.rule_set["title"], after.rule_set["switches"]["minors"]) == ("Slower", "cor")
    assert after.targets == targets
    assert len(after.fallback) == 2


def test_an_invalid_row_is_not_saved(given: Given, people: People, at: At) -> None:
    version = given.rule_set().version
    before = protocol_rows(version)

    answer = at(people.sam).keep(
        address("save", version), revision=0, edit=put(version, reason_es="", basis="x" * 99)
    )

    assert answer.status_code == 422
    assert places(answer) == [("R08", "/reason_es")]
    assert protocol_rows(version) == before


def test_who_saves_an_older_state_is_told_what_others_did_and_overwrites_nothing(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    at(people.maya).keep(
        address("save", version), revision=0, edit=put(version, "R09", citation="m")
    )

    answer = at(people.sam).keep(
        address("save", version), revision=0, edit=put(version, "R08", citation="s")
    )

    body = answer.json()
    assert (answer.status_code, body["revision"]) == (409, 1)
    assert body["changes"] == [f"{people.maya.actor('x').name}: R09"]
    assert 'data-code="R09"' in body["rows"]
    assert row(version, "R09")["citation"] == "m"
    assert row(version, "R08")["citation"] != "s"


def test_a_frozen_version_cannot_be_saved(given: Given, people: People, at: At) -> None:
    version = given.rule_set(Status.IN_REVIEW).version

    answer = at(people.sam).keep(
        address("save", version), revision=0, edit=put(version, citation="late")
    )

    assert answer.status_code == 422
    assert "cannot be changed" in answer.json()["detail"]


HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"[" * 100_000,
    b'{"edit": NaN}',
    b"\xff\xfe",
    b'{"edit": {"put": {}}}',
    b'{"edit": {"put": "rules", "name": "R08", "row": {}}, "revision": 0}',
    b'{"edit": {"put": "rules", "name": "R08", "row": []}, "revision": 0}',
    b'{"edit": {"move": "rules", "name": "R08", "place": 1e999}, "revision": 0}',
    b'{"edit": {"move": "rules", "name": "\\ud800", "place": 1}, "revision": 0}',
    b'{"edit": {"remove": "natures", "name": "OTHER"}, "revision": 0}',
    b'{"edit": {"put": "targets", "rows": [{}]}, "revision": 0}',
    b'{"edit": {"put": "targets", "rows": [{"key": 4}]}, "revision": 0}',
    b'{"edit": {"put": "rule_set", "changes": {"switches": []}}, "revision": 0}',
    b'{"edit": {"put": "rule_set", "changes": {"title": "\\u0000"}}, "revision": 0}',
    b'{"edit": {"put": "rule_set", "changes": {"is_synthetic": "yes"}}, "revision": 0}',
    b'{"example": 4}',
    b'{"example": {"nature": {}, "answers": {}, "switches": {}}}',
    b'{"example": {"nature": null, "answers": {"weapon": "gone"}, "switches": {}}}',
    b'{"example": {"nature": null, "answers": {}, "switches": {"minors": []}}}',
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: body[:60].decode("latin-1"))
@pytest.mark.parametrize("name", ["check", "prove", "save", "keep"])
def test_whatever_is_sent_is_answered_in_words_and_stores_nothing(
    given: Given, people: People, at: At, name: str, body: bytes
) -> None:
    version = given.rule_set().version
    before, entries = protocol_rows(version), Entry.objects.count()

    answer = at(people.sam).generic(
        "POST", address(name, version), body, content_type="application/json"
    )

    assert answer.status_code in (200, 422)
    assert answer.status_code == 200 or answer.json()["detail"]
    assert name not in ("save", "keep") or answer.status_code == 422
    assert (protocol_rows(version), Entry.objects.count()) == (before, entries)


@pytest.mark.parametrize("name", ["check", "save"])
def test_a_reason_of_a_megabyte_is_refused_by_name(
    given: Given, people: People, at: At, name: str
) -> None:
    version = given.rule_set().version

    answer = at(people.sam).keep(
        address(name, version), revision=0, edit=put(version, reason_en="x" * 1_000_000)
    )

    told = answer.json().get("errors") or answer.json().get("faults")
    assert [(one["row"], one["pointer"]) for one in told] == [("R08", "/reason_en")]


def test_a_request_of_many_megabytes_is_refused_in_words(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version

    answer = at(people.sam).keep(address("save", version), revision=0, edit="x" * 4_000_000)

    assert (answer.status_code, answer.json()["detail"]) == (422, "is too large to be read")


# --- scenarios -----------------------------------------------------------------------------------


def test_an_example_is_kept_as_a_test_and_can_be_left_out_again(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    example = {"nature": "EMOTDIST", "answers": {"si": "plan"}, "switches": {}}
    sam = at(people.sam)

    kept = sam.keep(address("keep", version), title="A plan, by phone", example=example)
    nameless = sam.keep(address("keep", version), title=" ", example=example)
    other = {**example, "switches": {"minors": "cor"}}
    elsewhere = sam.keep(address("keep", version), title="x", example=other)
    made = Scenario.objects.get(is_shipped=False)
    sam.post(address("leave_out", version), {"code": made.code})
    made.refresh_from_db()

    assert (kept.status_code, nameless.status_code, elsewhere.status_code) == (200, 422, 422)
    assert "under the switches of the version" in elsewhere.json()["detail"]
    assert (made.route, made.added, made.level) == ("CCD", ["CRT"], 3)
    assert not made.is_active


# --- the way into force and back -----------------------------------------------------------------


def test_a_draft_goes_into_force_by_two_people_and_back_by_one_press(
    given: Given, people: People, at: At
) -> None:
    sam, maya = at(people.sam), at(people.maya)
    given.call()
    sam.post(address("begin"))
    version = RuleSet.objects.latest("version").version

    sam.post(address("submit", version))
    own = sam.post(address("approve", version))
    maya.post(address("approve", version))
    maya.post(address("activate", version))
    back = maya.get(address("version", 1)).content.decode()
    maya.post(address("roll_back", 1))

    assert own.status_code == 422
    assert "whoever wrote a version cannot approve it" in own.content.decode().lower()
    assert "Return to version 1" in back
    assert "Calls that begin from now on are triaged by version 1; 0 open calls keep" in back
    assert dict(RuleSet.objects.values_list("version", "status")) == {
        1: Status.ACTIVE,
        version: Status.RETIRED,
    }


def test_who_wrote_a_version_sees_why_they_cannot_approve_it(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set(Status.IN_REVIEW).version

    own = at(people.sam).get(address("version", version)).content.decode()
    other = at(people.maya).get(address("version", version)).content.decode()

    assert "somebody else has to approve it" in own
    assert "somebody else has to approve it" not in other


def test_a_draft_that_breaks_a_statement_is_not_submitted_and_says_which(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set().version
    sam = at(people.sam)
    sam.keep(address("save", version), revision=0, edit=to_the_team(version))

    answer = sam.post(address("submit", version))

    assert answer.status_code == 422
    assert "The unarmed team never goes where a weapon is within reach" in answer.content.decode()
    assert RuleSet.objects.get(version=version).status == Status.DRAFT


def test_a_version_is_given_up_only_with_a_reason(given: Given, people: People, at: At) -> None:
    version = given.rule_set().version
    sam = at(people.sam)

    without = sam.post(address("withdraw", version), {"reason": " "})
    sam.post(address("withdraw", version), {"reason": "the medical director said no"})

    assert without.status_code == 422
    row = RuleSet.objects.get(version=version)
    assert (row.status, row.reason) == (Status.RETIRED, "the medical director said no")


@pytest.mark.parametrize("at_time", ["tomorrow", "2026-13-45T99:99", "\0", "9" * 400])
def test_a_time_that_is_none_is_refused_and_kept_on_the_form(
    given: Given, people: People, at: At, at_time: str
) -> None:
    version = given.rule_set(Status.SHADOW).version

    answer = at(people.maya).post(address("activate", version), {"at": at_time})

    assert answer.status_code == 422
    assert "Must be a day and a time" in answer.content.decode()
    assert RuleSet.objects.get(version=version).status == Status.SHADOW


def test_a_version_in_shadow_can_wait_for_its_time(given: Given, people: People, at: At) -> None:
    version = given.rule_set(Status.SHADOW).version
    maya = at(people.maya)

    maya.post(address("activate", version), {"at": "2199-03-01T06:30"})

    row = RuleSet.objects.get(version=version)
    assert row.active_from is not None
    assert row.status == Status.SHADOW
    assert "Comes into force by itself" in maya.get(address("version", version)).content.decode()


def test_pressing_twice_is_answered_in_words(given: Given, people: People, at: At) -> None:
    version = given.rule_set(Status.ACTIVE).version

    answer = at(people.maya).post(address("activate", version))

    assert answer.status_code == 409
    assert "cannot activate" in answer.content.decode()


# --- files ---------------------------------------------------------------------------------------


def upload(text: str | bytes, name: str = "rules.json") -> dict[str, Any]:
    body = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile(name, body, "application/json")}


def test_a_version_goes_out_as_a_file_and_comes_back_as_a_draft(people: People, at: At) -> None:
    sam = at(people.sam)
    sent = sam.get(address("export")).content.decode()

    sam.post(reverse("admin:triage_ruleset_import"), upload(sent))

    made = RuleSet.objects.latest("version")
    assert made.status == Status.DRAFT
    assert sent == json_file.written(protocol_rows(1))
    assert protocol_rows(made.version).rules == protocol_rows(1).rules


def test_a_table_goes_to_a_spreadsheet_and_comes_back_beside_the_same_questions(
    people: People, at: At
) -> None:
    sam = at(people.sam)
    sent = sam.get(address("export_csv")).content
    changed = sent.replace(b"A weapon is within reach:", b"A weapon is near:")
    to = reverse("admin:triage_ruleset_import")

    nowhere = sam.post(to, upload(changed, "rules.csv"))
    sam.post(to, upload(changed, "rules.csv") | {"base": "1"})
    broken = sam.post(to, upload(changed + b"R08", "rules.csv") | {"base": "1"})

    made = protocol_rows(RuleSet.objects.latest("version").version)
    assert (nowhere.status_code, broken.status_code) == (422, 422)
    assert "rules.csv line" in broken.content.decode()
    assert made.questions == protocol_rows(1).questions
    assert [row["code"] for row in made.rules if row not in protocol_rows(1).rules] == ["R09"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda text: text[:-40], "is not JSON"),
        (lambda text: text.replace("heart-rules-1", "heart-rules-9"), "/format"),
        (lambda text: text.replace('"route": "COR"', '"route": "ROC"', 1), "is not one of CCD"),
        (lambda text: "", "is not JSON"),
        (lambda text: b"\xff" * 40, "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_saves_nothing(
    people: People, at: At, change: Callable[[str], Any], place: str
) -> None:
    sam = at(people.sam)
    text = sam.get(address("export")).content.decode()
    before = RuleSet.objects.count()

    answer = sam.post(reverse("admin:triage_ruleset_import"), upload(change(text)))

    assert answer.status_code == 422
    assert place in answer.content.decode()
    assert RuleSet.objects.count() == before


def test_a_table_of_ten_thousand_rows_is_refused(people: People, at: At) -> None:
    sam = at(people.sam)
    document = json.loads(sam.get(address("export")).content)
    document["rules"] = document["rules"] * 400

    answer = sam.post(reverse("admin:triage_ruleset_import"), upload(json.dumps(document)))

    assert answer.status_code == 422
    assert "at most 500 can be read" in answer.content.decode()


def test_importing_nothing_says_so(people: People, at: At) -> None:
    answer = at(people.sam).post(reverse("admin:triage_ruleset_import"))

    assert (answer.status_code, "choose one first" in answer.content.decode()) == (422, True)


def test_every_page_is_refused_to_every_other_role(given: Given, at: At) -> None:
    version = given.rule_set().version
    user = User.objects.create_user("walker", password="x", role=Role.DISPATCHER)

    for _, name, _ in PAGES:
        path = "import" if name == "import" else None
        to = reverse("admin:triage_ruleset_import") if path else address(name, version)
        assert at(user).post(to).status_code in (302, 403), name
        assert at(user).get(to).status_code in (302, 403), name
