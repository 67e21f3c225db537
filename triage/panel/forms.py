"""Questions row by row; switches, targets and the fallback chain as forms."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from heart.roles import Permission
from triage import protocol_files, rules
from triage.panel import frame
from triage.protocol_files import ProtocolFiles, Row
from triage.queries import rows_of
from triage.rules.answers import KINDS
from triage.wording.words import Words

KIND_WORDS = {
    "choice": "one of several answers",
    "yes_no": "yes or no",
    "text": "free text",
    "language": "a language",
    "automatic": "set by the console",
}


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as a row: for its form, and in words."""

    place: int
    row: Row
    after: str
    kind: str

    @property
    def json(self) -> str:
        """The row as its form takes it."""
        return json.dumps({name: value for name, value in self.row.items() if name != "order"})


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch with its settings in words."""

    name: str
    label: str
    value: str
    settings: list[tuple[str, str]]


@frame.guarded(Permission.ADMINISTER)
@require_GET
def questions(request: HttpRequest, version: int) -> HttpResponse:
    """The questions in the order in which they are asked."""
    rule_set = frame.version_of(version)
    files = rows_of(rule_set)
    return frame.page(
        request,
        "triage/questions.html",
        "questions",
        rule_set,
        lines=question_lines(files),
        asked=_asked(files),
        kinds=[(kind, KIND_WORDS[kind]) for kind in KINDS],
        addresses=_addresses(version),
    )


@frame.guarded(Permission.ADMINISTER)
@require_GET
def settings(request: HttpRequest, version: int) -> HttpResponse:
    """Title, switches, targets and the fallback chain of a version."""
    rule_set = frame.version_of(version)
    files = rows_of(rule_set)
    words = Words(files, "en")
    switches = [
        Switch(
            name,
            words.field(name),
            files.rule_set["switches"].get(name, values[0]),
            [(value, words.value(name, value)) for value in values],
        )
        for name, values in rules.SWITCHES.items()
    ]
    return frame.page(
        request,
        "triage/settings.html",
        "settings",
        rule_set,
        files=files,
        switches=switches,
        actions=_fallback_actions(),
        target_keys=sorted({row["key"] for row in files.targets} | _known_targets()),
        addresses=_addresses(version),
    )


def _addresses(version: int) -> dict[str, str]:
    return {name: frame.address(name, version) for name in ("check", "prove", "save")}


def _fallback_actions() -> list[tuple[str, str]]:
    """What the console can do when the preferred unit cannot go."""
    shipped = protocol_files.read(protocol_files.DEFAULTS).fallback
    return [(row["action"], row["label_en"]) for row in shipped]


def _known_targets() -> set[str]:
    """What the console keeps time of."""
    return {row["key"] for row in protocol_files.read(protocol_files.DEFAULTS).targets}


def question_lines(files: ProtocolFiles) -> list[QuestionLine]:
    words = Words(files, "en")
    return [
        QuestionLine(place, row, _after(row["only_after"], words), KIND_WORDS[row["kind"]])
        for place, row in enumerate(files.questions)
    ]


def question_rows(files: ProtocolFiles, *, may_edit: bool) -> str:
    """The rows of the table of questions."""
    context = {"lines": question_lines(files), "may_edit": may_edit}
    return render_to_string("triage/_questions.html", context)


def _after(after: Row, words: Words) -> str:
    """Who is asked, in words; empty for everybody."""
    if not after:
        return ""
    return words.condition({"field": after["field"], "op": "in", "value": after["in"]})


def _asked(files: ProtocolFiles) -> list[dict[str, Any]]:
    """What a question may depend on: earlier questions and the nature, with their answers."""
    words = Words(files, "en")
    nature = {
        "name": "nature",
        "label": words.field("nature"),
        "values": [[row["code"], words.value("nature", row["code"])] for row in files.natures],
    }
    return [
        nature,
        *(
            {
                "name": row["key"],
                "label": words.field(row["key"]),
                "values": [[a["value"], a["label_en"]] for a in row["answers"]],
            }
            for row in files.questions
            if row["answers"]
        ),
    ]
