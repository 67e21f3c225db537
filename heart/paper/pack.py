"""The paper pack: what a desk needs when nothing else works, and blank cards in the form's own order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import segno
from django.utils import timezone

from dispatch.models import Run, Unit
from followup.models import Consent
from heart.paper.models import PaperPack, PhoneTreeLine
from heart.paper.texts import TEXTS, CardTexts
from heart.typesetting import as_data, typeset
from intake.models import Call, Nature
from triage.models import Question, RuleSet
from triage.wording.phrases import LEVELS

TEMPLATE = Path(__file__).with_name("pack.typ")
Language = Literal["en", "es"]
IN_FIELDS = frozenset({"loc", "caller", "lang", "interpreter"})
"""Questions that stand among the fields at the top, as on the form."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the card; ``only_if`` says when it is asked, empty for always."""

    ask: str
    answers: list[str]
    only_if: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a card, in one language."""

    language: Language
    text: CardTexts
    relations: list[str]
    questions: list[Asked]
    outcomes: list[str]
    felt_safe: list[str]
    consents: list[str]


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that is printed."""

    printed_at: str
    printed_by: str
    rules: str
    address: str
    qr: str
    numbers: list[str]
    sides: list[Side]
    units: list[Code]
    codes: list[Code]
    levels: list[Code]
    phones: list[Code]


def blank_pack(
    printed: PaperPack, *, printed_by: str, address: str, codes: Mapping[str, str]
) -> Pack:
    """The pack for these numbers with the questions in force; ``codes`` are the board's by status."""
    rule_set = RuleSet.objects.get(status="active")
    questions = [q for q in rule_set.questions.all() if q.kind != "automatic"]
    return Pack(
        printed_at=f"{timezone.localtime(printed.printed_at):%a %Y-%m-%d %H:%M}",
        printed_by=printed_by,
        rules=f"{rule_set.title}, version {rule_set.version}",
        address=address,
        qr=segno.make(address, error="m").svg_inline(scale=4, border=2),
        numbers=list(map(str, printed.numbers)),
        sides=[_side(questions, "en"), _side(questions, "es")],
        units=[
            Code(unit.code, unit.name)
            for unit in Unit.objects.filter(is_active=True).exclude(kind=Unit.Kind.CCD)
        ],
        codes=[Code(code, str(status).replace("_", " ")) for status, code in codes.items()],
        levels=[Code(str(level), words) for level, words in LEVELS["en"].items()],
        phones=[
            Code(line.number, line.name) for line in PhoneTreeLine.objects.filter(is_active=True)
        ],
    )


def pack_pdf(pack: Pack) -> bytes:
    """The pack as PDF, one card to a sheet: English in front, Spanish on the back."""
    return typeset(TEMPLATE, as_data(asdict(pack)))


def _side(questions: Sequence[Question], language: Language) -> Side:
    text = TEXTS[language]
    by_key = {question.key: question for question in questions}
    caller = by_key.get("caller")
    return Side(
        language=language,
        text=text,
        relations=_labels(caller.answers, language)
        if caller and language == "es"
        else [label for _, label in Call.Relation.choices],
        questions=[
            Asked(
                ask=getattr(question, f"ask_{language}"),
                answers=_labels(question.answers, language),
                only_if=_only_if(question, by_key, language),
            )
            for question in questions
            if question.key not in IN_FIELDS
        ],
        outcomes=_words(Run.Outcome.choices, text.outcomes),
        felt_safe=_words(Run.FeltSafe.choices, text.felt_safe_answers),
        consents=_words(Consent.Answer.choices, text.consents),
    )


def _labels(answers: Iterable[Mapping[str, Any]], language: Language) -> list[str]:
    return [answer[f"label_{language}"] for answer in answers]


def _words(choices: Iterable[tuple[str, Any]], translated: Mapping[str, str]) -> list[str]:
    return [translated.get(value, str(label)) for value, label in choices]


def _only_if(question: Question, by_key: Mapping[str, Question], language: Language) -> str:
    """The answers to another question after which this one is asked, or the natures."""
    after = question.only_after
    if not after:
        return ""
    before = by_key.get(after["field"])
    if before is None:
        labels = {
            nature.code: nature.name_es if language == "es" else nature.name
            for nature in Nature.objects.all()
        }
    else:
        labels = {answer["value"]: answer[f"label_{language}"] for answer in before.answers}
    return ", ".join(labels.get(value, value) for value in after["in"])
