"""What the forms of the workshop offer: every field with its values and operators, in words."""

from typing import Any

from triage import rules
from triage.models import Route
from triage.protocol_files import ProtocolFiles, Row
from triage.rules.fields import Field, fields, load_natures
from triage.wording.words import Words

OPERATORS = {
    "is": "is",
    "is_not": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "asked": "was answered",
    "not_asked": "was not asked",
    "contains": "includes",
}


def vocabulary(files: ProtocolFiles) -> dict[str, Any]:
    """Everything that a rule of this version may be built from."""
    words = Words(files, "en")
    questions = {row["key"]: row for row in files.questions}
    known = fields(rules.load_questions(files.questions), load_natures(files.natures).values())
    return {
        "fields": [_field(field, questions, words) for field in known.values()],
        "operators": OPERATORS,
        "routes": [[str(value), f"{value} · {label}"] for value, label in Route.choices],
        "levels": [1, 2, 3, 4],
    }


def _field(field: Field, questions: dict[str, Row], words: Words) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": words.field(field.name),
        "title": questions[field.name]["ask_en"] if field.name in questions else "",
        "group": group_of(field.name, questions),
        "operators": list(field.operators),
        "values": [[value, value_label(field.name, value, words)] for value in field.values],
    }


def value_label(field: str, value: str, words: Words) -> str:
    """A value as a list offers it; codes that people know stay visible."""
    label = words.value(field, value)
    return f"{label} ({value})" if field in ("nature", "nature_routes", "route") else label


def group_of(name: str, questions: dict[str, Row]) -> str:
    if name in rules.SWITCHES:
        return "Switches"
    if name in questions:
        return "Set by the console" if questions[name]["kind"] == "automatic" else "Asked"
    return "The call"
