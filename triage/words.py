"""The rules in plain words, for everyone who reads them but never writes JSON. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from triage import phrases, protocol_files
from triage.phrases import Language, Phrase
from triage.protocol_files import ProtocolFiles, Row
from triage.rules import SWITCHES, Call

LEVEL = "level"


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as sentences; ``branches`` are the alternatives of ``when``, one by one."""

    code: str
    when: str
    branches: tuple[str, ...]
    route: tuple[str, ...]
    adds: tuple[str, ...]
    level: tuple[str, ...]
    later: tuple[str, ...]
    notes: tuple[str, ...]
    reason: str
    citation: str
    basis: str


@dataclass(frozen=True, slots=True)
class InvariantWords:
    """A safety statement with what exactly is proven of which calls."""

    code: str
    statement: str
    when: str
    claims: tuple[str, ...]
    exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing and what is said of it: a question and its answer, a switch and its setting."""

    key: str
    name: str
    value: str


class Words:
    """Tells a version in one language; what an agency added is told in the agency's own words."""

    def __init__(self, files: ProtocolFiles, language: Language) -> None:
        self.files, self.language = files, language
        self._questions = {row["key"]: row for row in files.questions}
        self._natures = {row["code"]: row for row in files.natures}
        self._phrases: dict[str, Phrase] = {}

    # names

    def field(self, name: str) -> str:
        """The short name of a field: "a weapon", "the type of call"."""
        return self._phrase(name).topic

    def value(self, field: str, value: str | None) -> str:
        """A value as screens label it: "Within reach", "co-response"."""
        if value is None:
            return self._say("not asked", "no se preguntó")
        if question := self._questions.get(field):
            labels = {a["value"]: a[f"label_{self.language}"] for a in question["answers"]}
            return str(labels.get(value, value))
        if field == "nature":
            return self._nature(value)
        if field == "nature_category":
            return phrases.CATEGORIES[self.language].get(value, value)
        if field in SWITCHES:
            phrase = self._phrase(field)
            return phrase.ends.get(value) or phrase.whole.get(value, value)
        return self.unit(value)

    def unit(self, code: str) -> str:
        """Who goes: "co-response", "a clinician by phone"."""
        return phrases.UNITS[self.language].get(code, code)

    def level(self, level: int) -> str:
        return phrases.LEVELS[self.language][level]

    def question(self, key: str) -> str:
        """A question as it is asked."""
        return str(self._questions[key][f"ask_{self.language}"])

    # conditions

    def condition(self, row: Mapping[str, Any]) -> str:
        """One condition as a clause: "a weapon is within reach or in hand"."""
        field, op, value = str(row["field"]), row["op"], row.get("value")
        values = [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
        if op in ("asked", "not_asked"):
            return self._asked(field, is_asked=op == "asked")
        if op in ("is_not", "not_in"):
            return self._is_not(field, values)
        return self._is(field, values)

    def branches(self, when: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[str, ...]:
        """The alternatives of a condition, one by one."""
        return tuple(self._all_of(branch) for branch in when)

    def when(self, when: Sequence[Sequence[Mapping[str, Any]]]) -> str:
        """A whole condition; what all its alternatives share is said once."""
        if not when:
            return self._say("always", "siempre")
        if len(when) == 1:
            return self._all_of(when[0])
        shared = [row for row in when[0] if all(row in branch for branch in when)]
        rests = [[row for row in branch if row not in shared] for branch in when]
        if not shared or not all(rests):
            return self._say("; or ", "; o bien ").join(self.branches(when))
        some = self._say(", and one of these: ", ", y una de estas cosas: ")
        return self._all_of(shared) + some + "; ".join(self._all_of(rest) for rest in rests)

    # rules

    def rule(self, row: Row) -> RuleWords:
        """A row of the table as it stands in the files."""
        body = row["body"]
        return RuleWords(
            code=row["code"],
            when=sentence(self.when(body["when"])),
            branches=self.branches(body["when"]),
            route=self._choice(
                [(self._goes_to(one["route"]), one.get("when", [])) for one in body["routes"]]
            ),
            adds=tuple(self._adds(body.get("adds", []))),
            level=self._choice(self._levels(body["level"])),
            later=tuple(self._later(body)),
            notes=tuple(self._notes(body.get("notes", []))),
            reason=row[f"reason_{self.language}"],
            citation=row["citation"],
            basis=self.basis(row["basis"]),
        )

    def basis(self, basis: str) -> str:
        """Where a rule or figure comes from, in one word."""
        known = {
            "synthetic": self._say("synthetic", "sintético"),
            "published": self._say("published", "publicado"),
        }
        return known.get(basis, basis)

    def switches(self, switches: Mapping[str, str] | None = None) -> tuple[Line, ...]:
        """Every switch with how it is set, in the version or in these."""
        found = self.files.rule_set["switches"] if switches is None else switches
        return tuple(
            Line(name, self.field(name), sentence(self._is(name, [value])))
            for name, value in found.items()
        )

    def units(self, codes: Iterable[str], word: str = "and") -> str:
        """Several units as one phrase."""
        return self._list([self.unit(code) for code in codes], word)

    # invariants and calls

    def invariant(self, row: Mapping[str, Any]) -> InvariantWords:
        """A safety statement as it stands in the files."""
        when = self.when(row["when"]) if row["when"] else self._say("any call", "cualquier llamada")
        about = self._say("Of calls for which ", "De las llamadas en que ") + when
        if not row["when"]:
            about = self._say("Of every call", "De todas las llamadas")
        if unless := row.get("unless"):
            about += self._say(", but not where ", ", salvo cuando ") + self.when(unless)
        return InvariantWords(
            code=row["id"],
            statement=row[self.language],
            when=f"{about}.",
            claims=tuple(sentence(self.claim(claim)) for claim in row["then"]),
            exceptions=tuple(
                one[f"reason_{self.language}"]
                for claim in row["then"]
                for one in claim.get("exceptions", [])
            ),
        )

    def claim(self, row: Mapping[str, Any]) -> str:
        """What must be true, as a clause."""
        match row["claim"]:
            case "units_include" if "any_of" in row:
                one = self._say("at least one of these goes: ", "acude al menos uno de estos: ")
                return one + self.units(row["any_of"], "or")
            case "units_include":
                return self._say("there go ", "acuden ") + self.units(row["all_of"])
            case "units_exclude":
                never = self._say("there never go ", "nunca acuden ")
                return never + self.units(row["units"], "or")
            case "not_alone":
                beside = self.units(row["without"], "or")
                return self._say(
                    f"{self.unit(row['unit'])} never goes without {beside}",
                    f"{self.unit(row['unit'])} nunca acude sin {beside}",
                )
            case "route_in":
                one = self._say("the first route is ", "la primera vía es ")
                return one + self.units(row["routes"], "or")
            case "route_not_in":
                never = self._say("the first route is never ", "la primera vía nunca es ")
                return never + self.units(row["routes"], "or")
            case "has_route":
                return self._say("there is a route", "hay una vía de atención")
            case "level_at_least":
                return self._say(
                    f"the level is {row['level']} or higher", f"el nivel es {row['level']} o más"
                )
            case "monotone":
                return self._monotone(row)
            case _:
                return self._say(
                    f"another answer about {self.field(row['field'])} changes nothing that "
                    f"rules {row['from']} to {row['to']} decide",
                    f"otra respuesta sobre {self.field(row['field'])} no cambia nada de lo que "
                    f"deciden las reglas {row['from']} a {row['to']}",
                )

    def call(self, call: Call) -> tuple[Line, ...]:
        """A filled-in call: its type, what was answered, and switches set otherwise than here."""
        said = {"nature": call.nature, **call.answers}
        own = self.files.rule_set["switches"]
        said |= {name: value for name, value in call.switches.items() if own.get(name) != value}
        return tuple(
            Line(key, self.field(key), self.value(key, value))
            for key, value in said.items()
            if value is not None
        )

    def call_sentence(self, call: Call) -> str:
        """The same as one sentence."""
        said = {line.key: line for line in self.call(call)}
        values = {"nature": call.nature or "", **call.answers, **call.switches}
        clauses = [
            self._asked(key, is_asked=True) if self._is_open(key) else self._is(key, [values[key]])
            for key in said
        ]
        nothing = self._say("nothing was asked", "no se preguntó nada")
        return sentence("; ".join(clauses) or nothing)

    # parts of sentences

    def _say(self, en: str, es: str) -> str:
        return es if self.language == "es" else en

    def _quoted(self, text: str) -> str:
        return self._say(f"“{text}”", f"«{text}»")

    def _list(self, items: Sequence[str], word: str) -> str:
        return listed(items, word, self.language)

    def _nature(self, code: str) -> str:
        row = self._natures.get(code)
        return str(row["name_es" if self.language == "es" else "name"]) if row else code

    def _is_open(self, field: str) -> bool:
        return field in self._questions and not self._questions[field]["answers"]

    def _all_of(self, branch: Sequence[Mapping[str, Any]]) -> str:
        clauses = [self.condition(row) for row in branch]
        return self._say(", and ", ", y ").join(clauses)

    def _is(self, field: str, values: Sequence[str]) -> str:
        if field == "hour":
            return self._hours(values)
        phrase = self._phrase(field)
        ends = [phrase.ends[value] for value in values if value in phrase.ends]
        clauses = [f"{phrase.lead} {self._list(ends, 'or')}"] if ends else []
        clauses += [phrase.whole[value] for value in values if value in phrase.whole]
        if bare := [v for v in values if v not in phrase.ends and v not in phrase.whole]:
            labels = [self._quoted(self.value(field, value)) for value in bare]
            clauses.append(self._answer(field, self._say("is ", "es ") + self._list(labels, "or")))
        return self._list(clauses, "or")

    def _is_not(self, field: str, values: Sequence[str]) -> str:
        labels = [self._quoted(self.value(field, value)) for value in values]
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
        return self._say(f"the answer about {topic} {said}", f"la respuesta sobre {topic} {said}")

    def _asked(self, field: str, *, is_asked: bool) -> str:
        topic = self.field(field)
        if field == "nature":
            return self._say(
                f"{'a' if is_asked else 'no'} type of call was chosen",
                f"{'se' if is_asked else 'no se'} eligió un tipo de llamada",
            )
        if self._questions.get(field, {}).get("kind") == "automatic":
            return self._say(
                f"{'something' if is_asked else 'nothing'} is recorded about {topic}",
                f"{'consta algo' if is_asked else 'no consta nada'} sobre {topic}",
            )
        return self._say(
            f"{topic} was {'asked' if is_asked else 'not asked'} about",
            f"{'se' if is_asked else 'no se'} preguntó sobre {topic}",
        )

    def _hours(self, values: Sequence[str]) -> str:
        """Hours of the day as spans: from 22:00 to 06:00."""
        spans = [
            self._say(f"from {start:02}:00 to {end:02}:00", f"de {start:02}:00 a {end:02}:00")
            for start, end in _spans(values)
        ]
        return self._say("the call comes in ", "la llamada entra ") + self._list(spans, "or")

    def _phrase(self, field: str) -> Phrase:
        if field not in self._phrases:
            self._phrases[field] = self._find_phrase(field)
        return self._phrases[field]

    def _find_phrase(self, field: str) -> Phrase:
        if field in self._questions:
            return self._question_phrase(self._questions[field])
        if field in phrases.SWITCHES[self.language]:
            return phrases.SWITCHES[self.language][field]
        if field == "nature":
            return Phrase(
                self._say("the type of call", "el tipo de llamada"),
                self._say("the type of call is", "el tipo de llamada es"),
                {code: self._quoted(self._nature(code)) for code in self._natures},
            )
        if field == "nature_category":
            return Phrase(
                self._say("the category of the call", "la categoría de la llamada"),
                self._say("the category of the call is", "la categoría de la llamada es"),
                phrases.CATEGORIES[self.language],
            )
        if field == "nature_routes":
            return Phrase(
                self._say("who may serve this type of call", "quién puede atender este tipo"),
                self._say(
                    "this type of call may be served by", "este tipo de llamada puede atenderlo"
                ),
                phrases.UNITS[self.language],
            )
        if field == "route":
            return Phrase(
                self._say("the route already chosen", "la vía ya elegida"),
                self._say("the route already chosen is", "la vía ya elegida es"),
                phrases.UNITS[self.language],
            )
        return Phrase(self._quoted(field))

    def _question_phrase(self, question: Row) -> Phrase:
        """The shipped phrase, but for answers that the agency has worded anew."""
        key, ask = question["key"], question[f"ask_{self.language}"]
        labels = {a["value"]: a[f"label_{self.language}"] for a in question["answers"]}
        if key == "beat":
            lead = self._say("the place is in beat", "el lugar está en el sector")
            return Phrase(phrases.QUESTIONS[self.language][key].topic, lead, labels)
        phrase = phrases.QUESTIONS[self.language].get(key)
        shipped = _shipped(self.language)
        if phrase is None or shipped.get(key, (ask,))[0] != ask:
            phrase = Phrase(self._quoted(ask))
        kept = {value for value, label in labels.items() if label == shipped.get((key, value))}
        return Phrase(
            phrase.topic,
            phrase.lead,
            {value: end for value, end in phrase.ends.items() if value in kept},
            {value: clause for value, clause in phrase.whole.items() if value in kept},
        )

    def _choice(self, options: Sequence[tuple[str, Any]]) -> tuple[str, ...]:
        """Of which the first that holds is taken, as one sentence each."""
        told = []
        for place, (text, when) in enumerate(options):
            words = self._say(f"otherwise {text}", f"si no, {text}") if place else text
            told.append(sentence(words + self._if(when)))
        return tuple(told)

    def _if(self, when: Sequence[Sequence[Mapping[str, Any]]]) -> str:
        return self._say(" if ", " si ") + self.when(when) if when else ""

    def _goes_to(self, route: str) -> str:
        return self._say(f"it goes to {self.unit(route)}", f"va {self._to(route)}")

    def _to(self, unit: str) -> str:
        """A unit after the Spanish preposition "a"."""
        name = self.unit(unit)
        return f"al {name.removeprefix('el ')}" if name.startswith("el ") else f"a {name}"

    def _adds(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        return [sentence(clause) for clause in self._adding(rows)]

    def _adding(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Units with the same condition are named together."""
        together: list[tuple[Any, list[str]]] = []
        for row in rows:
            when = row.get("when", [])
            same = next((units for known, units in together if known == when), None)
            if same is None:
                together.append((when, [row["unit"]]))
            else:
                same.append(row["unit"])
        return [
            self._say(f"adds {self.units(units)}", f"añade {self._to_all(units)}") + self._if(when)
            for when, units in together
        ]

    def _to_all(self, units: Sequence[str]) -> str:
        return self._list([self._to(unit) for unit in units], "and")

    def _levels(self, level: int | Sequence[Mapping[str, Any]]) -> list[tuple[str, Any]]:
        rows = [{"level": level}] if isinstance(level, int) else level
        word = self._say("level", "nivel")
        return [(f"{word} {row['level']}", row.get("when", [])) for row in rows]

    def _later(self, body: Mapping[str, Any]) -> list[str]:
        """What the rule still does when an earlier one has decided."""
        told = self._adds(body.get("later_adds", []))
        if not body["when"] or body["level"] == 1:
            return told
        raised = [
            (self._say(f"the level is at least {row[-1]}", f"el nivel es al menos {row[-1]}"), when)
            for row, when in ((text.split(), when) for text, when in self._levels(body["level"]))
        ]
        return told + list(self._choice(raised))

    def _notes(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        told = []
        for row in rows:
            when = row.get("when", [])
            text = self._quoted(row[self.language])
            told.append(
                self._say("Says also: ", "Dice además: ") + text + (self._if(when) or "") + "."
                if when
                else self._say("Says also: ", "Dice además: ") + text
            )
        return told

    def _monotone(self, row: Mapping[str, Any]) -> str:
        keeps, topic = row["keeps"], self.field(row["field"])
        units = [self.unit(one) for one in keeps if one != LEVEL]
        parts = [self._say("lowers the level", "baja el nivel")] if LEVEL in keeps else []
        if units:
            away = [self._to(one) for one in keeps if one != LEVEL]
            parts.append(
                self._say(
                    f"takes away {self._list(units, 'or')}", f"retira {self._list(away, 'or')}"
                )
            )
        rungs = [
            self._list(
                [self.value(row["field"], v) for v in (r if isinstance(r, list) else [r])], "or"
            )
            for r in row["ladder"]
        ]
        return self._say(
            f"a riskier answer about {topic} never {' nor '.join(parts)}; "
            f"from least to most risky: {' → '.join(rungs)}",
            f"una respuesta de más riesgo sobre {topic} nunca {' ni '.join(parts)}; "
            f"de menor a mayor riesgo: {' → '.join(rungs)}",
        )


def sentence(clause: str) -> str:
    """A clause with a capital and a full stop."""
    return clause[:1].upper() + clause[1:] + ("" if clause.endswith((".", "?", "!")) else ".")


def listed(items: Sequence[str], word: str, language: Language) -> str:
    """"a, b or c"; with a comma before the last if an item has an "or" or a comma of its own."""
    if len(items) < 2:
        return "".join(items)
    *most, last = items
    joint = _spanish(word, last) if language == "es" else word
    inner = {"en": (" or ", " and ", ", "), "es": (" o ", " y ", ", ")}[language]
    comma = "," if any(mark in item for item in items for mark in inner) else ""
    return f"{', '.join(most)}{comma} {joint} {last}"


def _spanish(word: str, following: str) -> str:
    """"o" is "u" before an o, "y" is "e" before an i."""
    start = following.lstrip("«“").lower()
    if word == "or":
        return "u" if start.startswith(("o", "ho", "ó", "hó")) else "o"
    return "e" if start.startswith(("i", "hi", "í", "hí")) and start[:3] != "hie" else "y"


def _spans(values: Iterable[str]) -> list[tuple[int, int]]:
    """Hours as spans around the clock, each from its first hour to the end of its last."""
    hours = sorted({int(value) for value in values if value.isdecimal()})
    if len(hours) == 24:
        return [(0, 24)]
    starts = [hour for hour in hours if (hour - 1) % 24 not in hours]
    spans = []
    for start in starts:
        end = start
        while end % 24 in hours:
            end += 1
        spans.append((start, end % 24 or 24))
    return spans


@lru_cache
def _shipped(language: Language) -> dict[Any, Any]:
    """The wording that the phrases are for: questions by key, labels by key and answer."""
    questions = protocol_files.read(protocol_files.DEFAULTS).questions
    asked: dict[Any, Any] = {row["key"]: (row[f"ask_{language}"],) for row in questions}
    return asked | {
        (row["key"], answer["value"]): answer[f"label_{language}"]
        for row in questions
        for answer in row["answers"]
    }
