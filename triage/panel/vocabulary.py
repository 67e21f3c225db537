"""What the forms of the workshop offer: every field with its values and operators, in words."""

from collections.abc import Iterator
from typing import Any

from triage import rules
from triage.models import Route
from triage.protocol_files import ProtocolFiles
from triage.rules.fields import Field, fields, load_natures

OPERATORS = {
    "is": "is",
    "is_not": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "asked": "was answered",
    "not_asked": "was not asked",
    "contains": "includes",
}
CATEGORIES = {
    "BH": "Behavioural health",
    "QOL": "Quality of life",
    "MED": "Medical",
    "SAF": "Safety",
    "ADM": "Administrative",
}
SWITCHES = {
    "unknown_safety_policy": "Who goes when weapon or violence stays unknown",
    "minors": "Children and teenagers",
    "third_party": "Callers who are not with the person",
    "indoor": "Inside homes",
}
SWITCH_VALUES = {
    "unknown_safety_policy": {
        "cor": "Co-response",
        "crt_staged": "The unarmed team, waiting nearby, with a clinician on the line",
        "police": "Police",
    },
    "minors": {"heart": "HEART, like everybody else", "cor": "Co-response"},
    "third_party": {"accepted": "Accepted", "dispatcher": "The dispatcher decides"},
    "indoor": {"accepted": "The unarmed team goes in", "cor": "Co-response goes in"},
}
OTHER_FIELDS = {
    "nature": "Nature",
    "nature_category": "Kind of nature",
    "nature_routes": "Routes of the nature",
    "route": "Route already chosen",
}


def vocabulary(files: ProtocolFiles) -> dict[str, Any]:
    """Everything that a rule of this version may be built from."""
    questions = {row["key"]: row for row in files.questions}
    found = fields(rules.load_questions(files.questions), load_natures(files.natures).values())
    return {
        "fields": [_field(field, questions, files) for field in found.values()],
        "operators": OPERATORS,
        "routes": [[value, f"{value} · {label}"] for value, label in Route.choices],
        "levels": [1, 2, 3, 4],
    }


def _field(field: Field, questions: dict[str, Any], files: ProtocolFiles) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field_label(field.name),
        "title": questions[field.name]["ask_en"] if field.name in questions else "",
        "group": _group(field.name, questions),
        "operators": list(field.operators),
        "values": [[v, label] for v, label in value_labels(field.name, files) if v in field.meaning],
    }


def field_label(name: str) -> str:
    """A field in as few words as a line of a form has room for."""
    return OTHER_FIELDS.get(name) or SWITCHES.get(name) or name.replace("_", " ").capitalize()


def value_labels(name: str, files: ProtocolFiles) -> Iterator[tuple[str, str]]:
    """The values of a field with what each means."""
    if name in SWITCH_VALUES:
        yield from SWITCH_VALUES[name].items()
    elif name == "nature":
        yield from ((row["code"], f"{row['name']} ({row['code']})") for row in files.natures)
    elif name == "nature_category":
        yield from CATEGORIES.items()
    elif name in ("nature_routes", "route"):
        yield from ((str(value), f"{value} · {label}") for value, label in Route.choices)
    else:
        question = next((row for row in files.questions if row["key"] == name), None)
        for answer in question["answers"] if question else ():
            yield answer["value"], answer["label_en"]


def _group(name: str, questions: dict[str, Any]) -> str:
    if name in SWITCHES:
        return "Switches"
    if name in questions:
        return "Set by the console" if questions[name]["kind"] == "automatic" else "Asked"
    return "The call"
