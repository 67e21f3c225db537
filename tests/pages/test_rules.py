"""The rules as a document: everybody who is signed in may read what is approved."""

from collections.abc import Callable
from html import escape

import pytest

from heart.roles import Role
from tests.builders import Given
from tests.pages.screen import Screen
from tests.people import People
from triage import evidence, rule_set_actions
from triage.models import Invariant, Question, Rule, RuleSet
from triage.queries import protocol_rows
from triage.states import RuleSetStatus

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


@pytest.fixture
def draft(people: People) -> RuleSet:
    active = RuleSet.objects.get(status="active")
    by = people.sam.actor("admin")
    return rule_set_actions.begin_draft(based_on=active.pk, title="<b>Ours</b>", by=by)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_the_version_in_force(people: People, at: At, role: Role) -> None:
    screen = at(people.by_role()[role])

    page = screen.get("/rules/").content.decode()

    assert 'href="/rules/"' in page
    assert [r.code for r in Rule.objects.all() if escape(r.reason_en) not in page] == []


def test_spanish_page_is_spanish_and_says_so(people: People, at: At) -> None:
    page = at(people.imani).get("/rules/?language=es").content.decode()

    assert '<main id="main" tabindex="-1" class="document" lang="es">' in page
    assert [r.code for r in Rule.objects.all() if escape(r.reason_es) not in page] == []
    assert [q.key for q in Question.objects.all() if escape(q.ask_es) not in page] == []


def test_pdf_is_named_after_its_version_and_language(people: People, at: At) -> None:
    answer = at(people.ana).get("/rules/1/heart-rules-1-es.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="heart-rules-1-es.pdf"'
    assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "address",
    [
        "/rules/7/",
        "/rules/?language=fr",
        "/rules/1/?language=",
        "/rules/1/heart-rules-2-en.pdf",
        "/rules/1/heart-rules-1-fr.pdf",
        "/rules/99999999999999999999/",
    ],
)
def test_what_is_not_there_is_not_found(people: People, at: At, address: str) -> None:
    assert at(people.sam).get(address).status_code == 404


def test_draft_is_read_by_those_who_work_on_it(people: People, at: At, draft: RuleSet) -> None:
    address = f"/rules/{draft.version}/"

    mine = at(people.sam).get(address).content.decode()

    assert "Draft, not in force" in mine
    assert "&lt;b&gt;Ours&lt;/b&gt;" in mine
    assert "nothing is proven" in mine
    assert at(people.rosa).get(address).status_code == 404
    assert at(people.imani).get(f"{address}heart-rules-{draft.version}-en.pdf").status_code == 404


def test_installed_version_is_proven_for_the_document(people: People, at: At) -> None:
    page = at(people.noor).get("/rules/1/").content.decode()

    assert "Installed by the administrator" in page
    assert "These statements were proven for all 5," in page


def test_approved_version_tells_when_and_by_how_many_not_by_whom(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set(RuleSetStatus.SHADOW)
    address = f"/rules/{version.version}/"

    page = at(people.imani).get(address).content.decode()
    paper = at(people.imani).get(f"{address}heart-rules-{version.version}-en.pdf")

    assert "Approved by a second person on " in page
    assert "On trial beside the version in force" in page
    assert "These statements were proven for all" in page
    article = page[page.index("<main") :]
    names = [user.last_name for user in (people.sam, version.author, version.approved_by)]
    assert [name for name in names if name in article] == []
    assert paper.status_code == 200


def test_statement_added_later_is_not_claimed_for_an_earlier_proof(
    given: Given, people: People, at: At
) -> None:
    version = given.rule_set(RuleSetStatus.SHADOW)
    Invariant.objects.create(
        code="new-one",
        order=99,
        en="A brand-new statement.",
        es="Nueva.",
        body={"when": [], "then": [{"claim": "has_route"}]},
    )

    page = at(people.sam).get(f"/rules/{version.version}/").content.decode()

    assert "A brand-new statement." not in page


def test_a_statement_that_a_version_cannot_be_asked_is_left_out_of_its_document(
    given: Given, people: People, at: At
) -> None:
    Invariant.objects.filter(code="fire-sends-fire").update(
        body={"when": [], "then": [{"claim": "of a later console"}]}
    )

    for version in (1, given.rule_set().version):
        page = at(people.sam).get(f"/rules/{version}/")

        assert page.status_code == 200
        assert "Fire sends the fire department" not in page.content.decode()


def test_a_proof_that_had_no_turn_is_made_for_the_next_reader(
    people: People, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "PATIENCE", 0.01)
    monkeypatch.setattr(evidence, "_known", {})
    screen = at(people.imani)

    with evidence._proving:
        busy = screen.get("/rules/1/")
    free = screen.get("/rules/1/").content.decode()

    calls = f"{proven_calls():,}"
    assert busy.status_code == 200
    assert calls not in busy.content.decode()
    assert calls in free


def proven_calls() -> int:
    return evidence.gather(protocol_rows(1)).proof.calls
