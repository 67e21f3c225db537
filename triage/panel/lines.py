"""The lines of the table and of the example beside it, as their templates show them."""

import json
from dataclasses import dataclass
from typing import Any

from triage import rules
from triage.panel.vocabulary import group_of, value_label
from triage.protocol_files import ProtocolFiles, Row
from triage.queries import scenario_rows
from triage.wording.words import RuleWords, Words


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A row of the table: as data for its form, and in words to be read."""

    place: int
    row: Row
    words: RuleWords

    @property
    def json(self) -> str:
        """The row as its form takes it."""
        return json.dumps({name: value for name, value in self.row.items() if name != "order"})

    @property
    def routes(self) -> list[str]:
        return _distinct(self.row["body"]["routes"], "route")

    @property
    def added(self) -> list[str]:
        return _distinct(self.row["body"].get("adds", []), "unit")

    @property
    def levels(self) -> list[int]:
        level = self.row["body"]["level"]
        return [one["level"] for one in level] if isinstance(level, list) else [level]


def _distinct(entries: list[Row], key: str) -> list[Any]:
    return list(dict.fromkeys(entry[key] for entry in entries))


@dataclass(frozen=True, slots=True)
class Line:
    """One list of the example form: the nature, a question or a switch."""

    kind: str
    name: str
    label: str
    title: str
    plain: str
    values: list[tuple[str, str]]
    chosen: str


def rule_lines(files: ProtocolFiles) -> list[RuleLine]:
    words = Words(files, "en")
    return [RuleLine(place, row, words.rule(row)) for place, row in enumerate(files.rules)]


def example_lines(files: ProtocolFiles, chosen: Any) -> list[Line]:
    """The lists of the example form, with the call that a link brought."""
    words = Words(files, "en")
    questions = {row["key"]: row for row in files.questions}
    natures = [(row["code"], value_label("nature", row["code"], words)) for row in files.natures]
    found = [Line("nature", "nature", "Nature", "", "", natures, chosen.get("nature", ""))]
    for key, question in questions.items():
        values = [(a["value"], a["label_en"]) for a in question["answers"]]
        if not values:
            values = [("en" if question["kind"] == "language" else "(given)", "given")]
        kind = "automatic" if group_of(key, questions) != "Asked" else "question"
        label = words.field(key)
        given = chosen.get(key, "")
        found.append(Line(kind, key, label, question["ask_en"], "", values, given))
    for name, options in rules.SWITCHES.items():
        values = [(value, words.value(name, value)) for value in options]
        plain = files.rule_set["switches"].get(name, options[0])
        label = words.field(name)
        given = chosen.get(name, plain)
        found.append(Line("switch", name, label, "", plain, values, given))
    return found


def scenarios() -> list[dict[str, str]]:
    """Calls that were thought through, to start an example from."""
    return [
        {
            "code": row["code"],
            "title": row["title"],
            "json": json.dumps({"nature": row["nature"] or None, "answers": row["answers"]}),
        }
        for row in scenario_rows()
    ]
