"""Conditions in plain words: "a weapon is within reach or in hand, and …". Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from triage import protocol_files
from triage.protocol_files import ProtocolFiles, Row
from triage.rules import SWITCHES
from triage.wording import phrases
from triage.wording.grammar import Joint, Language, hour_spans, joint_before, listed, quoted, say
from triage.wording.phrases import Phrase

Condition = Mapping[str, Any]
Branch = Sequence[Condition]
When = Sequence[Branch]
"""As written in the files: alternatives, each a list of conditions that must all hold."""

Slot = list[Condition]
"""Conditions on one field of which any will do."""


@dataclass(frozen=True, slots=True)
class Told:
    """A ``When`` in words: what all its alternatives share, and how they differ."""

    shared: str
    either: tuple[str, ...]


class Clauses:
    """Tells fields, values and conditions; what an agency added is told in the agency's words."""

    def __init__(self, files: ProtocolFiles, language: Language) -> None:
        self.files, self.language = files, language
        self._questions = {row["key"]: row for row in files.questions}
        self._natures = {row["code"]: row for row in files.natures}
        self._phrases: dict[str, Phrase] = {}

    def field(self, name: str) -> str:
        """The short name of a field: "a weapon", "the type of call"."""
        return self.phrase(name).topic

    def value(self, field: str, value: str | None) -> str:
        """A value as screens label it: "Within reach", "co-response"."""
        if value is None:
            return self.say("not asked", "no se preguntó")
        if question := self._questions.get(field):
            labels = {a["value"]: a[f"label_{self.language}"] for a in question["answers"]}
            return str(labels.get(value, value))
        if field == "nature":
            return self._nature(value)
        if field == "nature_category":
            return phrases.CATEGORIES[self.language].get(value, value)
        if field in SWITCHES:
            return self.phrase(field).ends.get(value, value)
        return self.unit(value)

    def unit(self, code: str) -> str:
        """Who goes: "co-response", "a clinician by phone"."""
        return phrases.UNITS[self.language].get(code, code)

    def condition(self, row: Condition) -> str:
        """One condition as a clause: "a weapon is within reach or in hand"."""
        return self._slot([row], is_alone=True)

    def when(self, when: When) -> str:
        """A whole condition; what all its alternatives share is said once."""
        told = self.told(when)
        if not told.either:
            return told.shared or self.say("always", "siempre")
        if told.shared:
            some = self.say(", and one of these: ", ", y una de estas cosas: ")
            return f"{told.shared}{some}{'; '.join(told.either)}"
        joints = [joint_before(clause, "or", self.language) for clause in told.either[1:]]
        return told.either[0] + "".join(
            f"; {joint} {clause}" for joint, clause in zip(joints, told.either[1:], strict=True)
        )

    def branches(self, when: When) -> tuple[str, ...]:
        """The alternatives of a condition, one by one."""
        return tuple(self._all_of(branch) for branch in _merged(when))

    def told(self, when: When) -> Told:
        """The same in parts, for where a list reads better than a long sentence."""
        branches = _merged(when)
        if len(branches) < 2:
            return Told("".join(map(self._all_of, branches)), ())
        shared = [slot for slot in branches[0] if all(slot in branch for branch in branches)]
        rests = [[slot for slot in branch if slot not in shared] for branch in branches]
        if not all(rests):
            shared, rests = [], branches
        return Told(self._all_of(shared), tuple(self._all_of(rest) for rest in rests))

    def say(self, en: str, es: str) -> str:
        return say(self.language, en, es)

    def listed(self, items: Sequence[str], joint: Joint) -> str:
        return listed(items, joint, self.language)

    def quoted(self, text: str) -> str:
        return quoted(text, self.language)

    def is_(self, field: str, values: Sequence[str]) -> str:
        """A field has one of these values, as a clause."""
        return self._list_clauses(self._is(field, values, is_alone=True), is_alone=True)

    def answered(self, field: str, *, is_asked: bool) -> str:
        """Whether there is an answer at all, as a clause."""
        topic = self.field(field)
        if field == "nature":
            return self.say(
                f"{'a' if is_asked else 'no'} type of call was chosen",
                f"{'se' if is_asked else 'no se'} eligió un tipo de llamada",
            )
        if self._questions.get(field, {}).get("kind") == "automatic":
            return self.say(
                f"{'something' if is_asked else 'nothing'} is recorded about {topic}",
                f"{'consta algo' if is_asked else 'no consta nada'} sobre {topic}",
            )
        return self.say(
            f"{'somebody' if is_asked else 'nobody'} asked about {topic}",
            f"{'se' if is_asked else 'no se'} preguntó sobre {topic}",
        )

    def phrase(self, field: str) -> Phrase:
        if field not in self._phrases:
            self._phrases[field] = self._find_phrase(field)
        return self._phrases[field]

    def is_open(self, field: str) -> bool:
        """Whether a question is answered in free words."""
        return field in self._questions and not self._questions[field]["answers"]

    def _nature(self, code: str) -> str:
        row = self._natures.get(code)
        return str(row["name_es" if self.language == "es" else "name"]) if row else code

    def _all_of(self, slots: Sequence[Slot]) -> str:
        clauses = [self._slot(slot, is_alone=len(slots) == 1) for slot in slots]
        return self.say(", and ", ", y ").join(clauses)

    def _slot(self, slot: Slot, *, is_alone: bool) -> str:
        """Any of these conditions on one field."""
        field = str(slot[0]["field"])
        plain = [row for row in slot if row["op"] in ("is", "in", "contains")]
        clauses = []
        if values := [value for row in plain for value in _values(row)]:
            is_single = is_alone or len(plain) < len(slot)
            clauses += self._is(field, values, is_alone=is_single)
        for row in slot:
            if row["op"] in ("is_not", "not_in"):
                clauses.append(self._is_not(field, _values(row)))
            elif row["op"] in ("asked", "not_asked"):
                clauses.append(self.answered(field, is_asked=row["op"] == "asked"))
        return self._list_clauses(clauses, is_alone=is_alone)

    def _list_clauses(self, clauses: Sequence[str], *, is_alone: bool) -> str:
        """Clauses of which any may hold; beside others it is marked where they begin."""
        if len(clauses) < 2:
            return "".join(clauses)
        if not is_alone and self.language == "es":
            return ", ".join(f"o bien {clause}" for clause in clauses)
        either = "" if is_alone else "either "
        joint = joint_before(clauses[-1], "or", self.language)
        return f"{either}{', '.join(clauses[:-1])}, {joint} {clauses[-1]}"

    def _is(self, field: str, values: Sequence[str], *, is_alone: bool) -> list[str]:
        if field == "hour":
            return [self._hours(values)]
        phrase, clauses = self.phrase(field), []
        if ends := [phrase.ends[value] for value in values if value in phrase.ends]:
            whole = [value for value in values if value not in phrase.ends]
            mark = not is_alone and not whole
            joined = listed(ends, "or", self.language, correlative=mark)
            clauses.append(f"{phrase.lead} {joined}")
        clauses += [phrase.whole[value] for value in values if value in phrase.whole]
        if bare := [v for v in values if v not in phrase.ends and v not in phrase.whole]:
            labels = [self.quoted(self.value(field, value)) for value in bare]
            clauses.append(self._answer(field, self.say("is ", "es ") + self.listed(labels, "or")))
        return clauses

    def _is_not(self, field: str, values: Sequence[str]) -> str:
        labels = [self.quoted(self.value(field, value)) for value in values]
        if self.language == "es":
            return self._answer(field, f"no es {' ni '.join(labels)}")
        if len(labels) == 1:
            return self._answer(field, f"is not {labels[0]}")
        return self._answer(field, f"is neither {' nor '.join(labels)}")

    def _answer(self, field: str, said: str) -> str:
        """Something about the answer to a question, or about a fact that nobody answers."""
        topic = self.field(field)
        if field not in self._questions:
            return f"{topic} {said}"
        return self.say(f"the answer about {topic} {said}", f"la respuesta sobre {topic} {said}")

    def _hours(self, values: Sequence[str]) -> str:
        spans = [
            self.say(
                f"between {start:02}:00 and {end:02}:00",
                f"entre las {start:02}:00 y las {end:02}:00",
            )
            for start, end in hour_spans(values)
        ]
        return self.say("the call comes in ", "la llamada entra ") + self.listed(spans, "or")

    def _find_phrase(self, field: str) -> Phrase:
        if field in self._questions:
            return self._question_phrase(self._questions[field])
        if field in phrases.SWITCHES[self.language]:
            return phrases.SWITCHES[self.language][field]
        if field == "nature":
            names = {code: self.quoted(self._nature(code)) for code in self._natures}
            return phrases.FACTS[self.language][field].ending(names)
        if field == "nature_category":
            categories = phrases.CATEGORIES[self.language]
            return phrases.FACTS[self.language][field].ending(categories)
        if field in phrases.FACTS[self.language]:
            return phrases.FACTS[self.language][field].ending(phrases.UNITS[self.language])
        return Phrase(self.quoted(field))

    def _question_phrase(self, question: Row) -> Phrase:
        """The shipped phrase, but for what the agency has worded anew."""
        key, ask = question["key"], question[f"ask_{self.language}"]
        labels = {a["value"]: a[f"label_{self.language}"] for a in question["answers"]}
        phrase = phrases.QUESTIONS[self.language].get(key)
        if key == "beat" and phrase:
            return phrase.ending(labels)
        shipped = _shipped(self.language)
        if phrase is None or shipped.get((key, "")) != ask:
            return Phrase(self.quoted(ask))
        kept = {value for value, label in labels.items() if label == shipped.get((key, value))}
        return Phrase(
            phrase.topic,
            phrase.lead,
            {value: end for value, end in phrase.ends.items() if value in kept},
            {value: clause for value, clause in phrase.whole.items() if value in kept},
        )


def _values(row: Condition) -> list[str]:
    value = row.get("value")
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _merged(when: When) -> list[list[Slot]]:
    """Alternatives that differ in one field only become one: x and a, or x and b: x and (a or b)."""
    branches: list[list[Slot]] = [[[dict(row)] for row in branch] for branch in when]
    at = 0
    while at < len(branches):
        other = next((b for b in branches[at + 1 :] if _merge(branches[at], b)), None)
        if other is None:
            at += 1
        else:
            branches = [branch for branch in branches if branch is not other]
            at = 0
    return branches


def _merge(into: list[Slot], other: list[Slot]) -> bool:
    """Take an alternative into another if the two differ in one slot of one field."""
    mine = [slot for slot in into if slot not in other]
    theirs = [slot for slot in other if slot not in into]
    if len(into) != len(other) or len(mine) != 1 or len(theirs) != 1:
        return False
    if mine[0][0]["field"] != theirs[0][0]["field"]:
        return False
    seen = {json.dumps(row, sort_keys=True) for row in mine[0]}
    mine[0].extend(row for row in theirs[0] if json.dumps(row, sort_keys=True) not in seen)
    return True


@lru_cache
def _shipped(language: Language) -> dict[tuple[str, str], str]:
    """The wording that the phrases are for: of a question under its key and "", of its answers."""
    questions = protocol_files.read(protocol_files.DEFAULTS).questions
    asked = {(row["key"], ""): row[f"ask_{language}"] for row in questions}
    return asked | {
        (row["key"], answer["value"]): answer[f"label_{language}"]
        for row in questions
        for answer in row["answers"]
    }
