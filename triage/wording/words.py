"""The rules in plain words, for everyone who reads them but never writes JSON. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.protocol_files import Row
from triage.rules import SWITCHES, Call
from triage.wording import phrases
from triage.wording.clauses import Clauses, When
from triage.wording.grammar import Joint, Language, sentence

__all__ = ["InvariantWords", "Language", "Line", "Part", "RuleWords", "Words"]

LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a rule, whole as ``str`` or in pieces: what happens, and when.

    "It goes to police if" comes as ``lead``, what all alternatives share as ``shared`` and the
    alternatives as ``either``.
    """

    text: str
    lead: str
    shared: str = ""
    either: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as sentences: when it holds, what it then does, and what it adds when it is too late.

    ``branches`` are the alternatives of ``when``, one by one.
    """

    code: str
    is_hard: bool
    when: Part
    branches: tuple[str, ...]
    route: tuple[Part, ...]
    adds: tuple[Part, ...]
    level: tuple[Part, ...]
    later: tuple[Part, ...]
    notes: tuple[Part, ...]
    reason: str
    citation: str
    basis: str

    @property
    def then(self) -> tuple[Part, ...]:
        """Everything it does when it decides."""
        return (*self.route, *self.adds, *self.level, *self.notes)


@dataclass(frozen=True, slots=True)
class InvariantWords:
    """A safety statement, and what exactly is proven of which calls."""

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


class Words(Clauses):
    """Tells a version in one language."""

    def question(self, key: str) -> str:
        """A question as it is asked."""
        return str(self._questions[key][f"ask_{self.language}"])

    def level(self, level: int) -> str:
        """What a level means."""
        return phrases.LEVELS[self.language][level]

    def units(self, codes: Iterable[str], joint: Joint = "and") -> str:
        """Several units as one phrase."""
        return self.listed([self.unit(code) for code in codes], joint)

    def basis(self, basis: str) -> str:
        """Where a rule or figure comes from, in one word."""
        return phrases.BASES[self.language].get(basis, basis)

    def switches(self, switches: Mapping[str, str] | None = None) -> tuple[Line, ...]:
        """Every switch with how it is set, in the version or in these."""
        found = self.files.rule_set["switches"] if switches is None else switches
        return tuple(
            Line(name, self.field(name), sentence(self.is_(name, [found.get(name, values[0])])))
            for name, values in SWITCHES.items()
        )

    def rule(self, row: Row) -> RuleWords:
        """A row of the table as it stands in the files."""
        body = row["body"]
        return RuleWords(
            code=row["code"],
            is_hard=row["is_hard"],
            when=self._part("", body["when"], is_condition=True),
            branches=self.branches(body["when"]),
            route=self.routes(body["routes"]),
            adds=self.adds(body.get("adds", [])),
            level=self.levels(body["level"]),
            later=self._later(body),
            notes=self.notes(body.get("notes", [])),
            reason=row[f"reason_{self.language}"],
            citation=row["citation"],
            basis=self.basis(row["basis"]),
        )

    def routes(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
        """To whom a call goes, and when to somebody else."""
        return self._choice([(self._goes_to(one["route"]), one.get("when", [])) for one in rows])

    def adds(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
        """Units with the same condition are named together."""
        together: list[tuple[When, list[str]]] = []
        for row in rows:
            when = row.get("when", [])
            same = next((units for known, units in together if known == when), None)
            if same is None:
                together.append((when, [row["unit"]]))
            else:
                same.append(row["unit"])
        adds = self.say("adds ", "añade ")
        return tuple(self._part(adds + self._sent(units, "and"), when) for when, units in together)

    def levels(self, level: int | Sequence[Mapping[str, Any]], lead: str = "") -> tuple[Part, ...]:
        """Which level a call gets, and when another."""
        lead = lead or self.say("level", "nivel")
        rows: Sequence[Mapping[str, Any]] = [{"level": level}] if isinstance(level, int) else level
        return self._choice([(f"{lead} {row['level']}", row.get("when", [])) for row in rows])

    def notes(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
        """What is said besides the reason."""
        says = self.say("says also ", "dice además ")
        return tuple(
            self._part(says + self.quoted(row[self.language]), row.get("when", [])) for row in rows
        )

    def kind(self, kind: str) -> str:
        """How a question is answered."""
        return phrases.KINDS[self.language].get(kind, kind)

    def asked(self, question: Row) -> str:
        """Of whom a question is asked."""
        if question["kind"] == "automatic":
            return self.say(
                "Known to the console, never asked.", "Lo sabe la consola, no se pregunta."
            )
        if not (after := question["only_after"]):
            return self.say("Always asked.", "Se pregunta siempre.")
        when = self.is_(after["field"], after["in"])
        return self.say(f"Asked only when {when}.", f"Se pregunta solo cuando {when}.")

    def invariant(self, row: Mapping[str, Any]) -> InvariantWords:
        """A safety statement as it stands in the files."""
        about = self.say("for every call", "en todas las llamadas")
        if row["when"]:
            about = self.say("when ", "cuando ") + self.when(row["when"])
        if unless := row.get("unless"):
            about += self.say("; unless ", "; salvo cuando ") + self.when(unless)
        return InvariantWords(
            code=row["id"],
            statement=row[self.language],
            when=sentence(about),
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
                return self.say("sends at least one of these: ", "se envía al menos a uno: ") + (
                    self._sent(row["any_of"], "or")
                )
            case "units_include":
                return self.say("sends ", "se envía ") + self._sent(row["all_of"], "and")
            case "units_exclude":
                return self.say("never sends ", "nunca se envía ") + self._sent(row["units"], "or")
            case "not_alone":
                return self.say(
                    f"never sends {self.unit(row['unit'])} without ",
                    f"nunca se envía {self._to(row['unit'])} sin ",
                ) + self.units(row["without"], "or")
            case "route_in":
                return self.say("goes to ", "va ") + self._sent(row["routes"], "or")
            case "route_not_in":
                return self.say("never goes to ", "nunca va ") + self._sent(row["routes"], "or")
            case "has_route":
                return self.say("there is a route", "hay una vía de atención")
            case "level_at_least":
                level = row["level"]
                return self.say(f"the level is {level} or higher", f"el nivel es {level} o más")
            case "monotone":
                return self._monotone(row)
            case _:
                whose = (
                    self.say("a hard disqualifier decides", "decide una exclusión firme")
                    if row["rules"] == "hard"
                    else self.say("any rule decides", "decide cualquier regla")
                )
                return self.say(
                    "another answer about {} changes nothing that {}",
                    "otra respuesta sobre {} no cambia nada de lo que {}",
                ).format(self.field(row["field"]), whose)

    def call(self, call: Call) -> tuple[Line, ...]:
        """A filled-in call: its type, what was answered, and switches set otherwise than here."""
        return tuple(
            Line(field, self.field(field), self.value(field, value))
            for field, value in self._said(call).items()
        )

    def call_sentence(self, call: Call) -> str:
        """The same as one sentence."""
        clauses = [
            self.answered(field, is_asked=True)
            if self.is_open(field)
            else self.is_(field, [value])
            for field, value in self._said(call).items()
        ]
        nothing = self.say("nothing was asked", "no se preguntó nada")
        return sentence("; ".join(clauses) or nothing)

    def _said(self, call: Call) -> dict[str, str]:
        own = self.files.rule_set["switches"]
        other = {
            name: value
            for name, value in call.switches.items()
            if value != own.get(name, SWITCHES[name][0])
        }
        nature = {"nature": call.nature} if call.nature else {}
        return {**nature, **call.answers, **other}

    def _part(self, lead: str, when: When, *, is_condition: bool = False) -> Part:
        """A sentence that is said when a condition holds; without one, always."""
        if not when and not is_condition:
            return Part(sentence(lead), sentence(lead))
        told = self.told(when)
        begun = lead + self.say(" if", " si") if lead else ""
        return Part(
            sentence(f"{begun} {self.when(when)}".strip()), begun, told.shared, told.either
        )

    def _choice(self, options: Sequence[tuple[str, When]]) -> tuple[Part, ...]:
        """Of these the first that holds is taken, so every later one begins with "otherwise"."""
        otherwise = self.say("otherwise ", "si no, ")
        return tuple(
            self._part(f"{otherwise if place else ''}{text}", when)
            for place, (text, when) in enumerate(options)
        )

    def _goes_to(self, route: str) -> str:
        if route == "DISPATCHER":
            return self.say("the dispatcher chooses", "el despachador elige")
        return self.say(f"it goes to {self.unit(route)}", f"va {self._to(route)}")

    def _to(self, unit: str) -> str:
        """A unit after the Spanish preposition "a"."""
        name = self.unit(unit)
        return f"al {name.removeprefix('el ')}" if name.startswith("el ") else f"a {name}"

    def _sent(self, units: Iterable[str], joint: Joint) -> str:
        """Units as what is sent: with a preposition of their own in Spanish."""
        name = self._to if self.language == "es" else self.unit
        return self.listed([name(unit) for unit in units], joint)

    def _later(self, body: Mapping[str, Any]) -> tuple[Part, ...]:
        """What the rule still does when an earlier one has decided."""
        adds = self.adds(body.get("later_adds", []))
        if not body["when"] or body["level"] == 1:
            return adds
        at_least = self.say("the level is at least", "el nivel es al menos")
        return adds + self.levels(body["level"], at_least)

    def _monotone(self, row: Mapping[str, Any]) -> str:
        units = [one for one in row["keeps"] if one != LEVEL]
        kept = [self.say("lowers the level", "baja el nivel")] if LEVEL in row["keeps"] else []
        if units:
            kept.append(self.say("takes away ", "retira ") + self._sent(units, "or"))
        never = self.say(
            f"a riskier answer about {self.field(row['field'])} never {' or '.join(kept)}",
            f"una respuesta de más riesgo sobre {self.field(row['field'])} "
            f"nunca {' ni '.join(kept)}",
        )
        ladder = " → ".join(self._rung(row["field"], rung) for rung in row["ladder"])
        return never + self.say(f"; by risk: {ladder}", f"; por riesgo: {ladder}")

    def _rung(self, field: str, rung: str | list[str | None] | None) -> str:
        values = rung if isinstance(rung, list) else [rung]
        labels = [
            self.value(field, v) if v is None else self.quoted(self.value(field, v))
            for v in values
        ]
        return self.listed(labels, "or")
