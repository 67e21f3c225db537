"""What else there is to know about a table: rules that never count, overlaps, what nothing reads."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, islice

from triage.rules.regions import WHOLE, Table, View
from triage.rules.rule_set import RuleSet
from triage.rules.space import Call, Cells, Cuts, Space, settle, space_of
from triage.rules.table import Condition, Rule


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A rule that never decides: whenever it holds, one of ``by``, earlier, holds too.

    ``adds`` tells whether it still adds units or raises the level: whether some call would get less
    without it.
    """

    rule: str
    by: tuple[str, ...]
    adds: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules that hold together, with a call for which they do."""

    earlier: str
    later: str
    example: Call


@dataclass(frozen=True, slots=True)
class Unread:
    """Answers that every condition reads as if the question had not been asked."""

    question: str
    answers: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """``decided`` counts for every rule the combinations that it decides, out of ``calls``.

    ``uncaught`` is a call that only the default rule catches, fully answered if there is one.
    """

    calls: int
    decided: Mapping[str, int]
    shadowed: tuple[Shadowed, ...]
    overlaps: tuple[Overlap, ...]
    uncaught: Call | None
    unread: tuple[Unread, ...]

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Rules that never decide nor add: without any one of them every call would get the same."""
        return tuple(found.rule for found in self.shadowed if not found.adds)


def examine(rule_set: RuleSet) -> Findings:
    """Everything worth knowing before a table is put into review."""
    space = space_of(rule_set)
    rules = Table(space, View(rules=True))
    decided = Counter({rule.id: 0 for rule in (*rule_set.rules, rule_set.default)})
    uncaught: list[Cells] = []
    for region in rules.regions(space.everything):
        decided[region.rule] += region.size
        if region.rule == rule_set.default.id:
            uncaught.append(region.cells)
    return Findings(
        calls=space.size,
        decided=dict(decided),
        shadowed=_shadowed(space, decided),
        overlaps=tuple(_overlaps(space)),
        uncaught=_fullest(space, uncaught),
        unread=tuple(_unread(rule_set)),
    )


def _shadowed(space: Space, decided: Mapping[str, int]) -> tuple[Shadowed, ...]:
    return tuple(
        Shadowed(rule.id, _covering(space, place), _adds(space, rule))
        for place, rule in enumerate(space.rule_set.rules)
        if not decided[rule.id]
    )


def _adds(space: Space, rule: Rule) -> bool:
    """Whether a rule that never decides adds a unit or raises the level for some call."""
    others = tuple(other for other in space.rule_set.rules if other is not rule)
    without = space_of(replace(space.rule_set, rules=others))
    views = [View(units={unit.value: unit.value}) for unit in rule.later_adds]
    for view in [*views, View(levels=WHOLE.levels)]:
        bare = Table(without, view)
        for region in Table(space, view).regions(space.everything):
            if any(other.outcome != region.outcome for other in bare.regions(region.cells)):
                return True
    return False


def _covering(space: Space, place: int) -> tuple[str, ...]:
    """As few of the earlier rules as will do to hold wherever this one holds."""
    rule, *earlier = (space.rule_set.rules[at] for at in (place, *range(place)))
    needed = [(one.id, space.cuts(one.when)) for one in earlier]
    held = [cells for cells, holds in settle(space.cuts(rule.when), space.everything) if holds]
    for one in list(needed):
        fewer = [other for other in needed if other is not one]
        if all(_is_covered(cells, [cuts for _, cuts in fewer]) for cells in held):
            needed = fewer
    return tuple(name for name, _ in needed)


def _is_covered(cells: Cells, whens: list[Cuts]) -> bool:
    if not whens:
        return False
    first, *others = whens
    return all(holds or _is_covered(part, others) for part, holds in settle(first, cells))


def _overlaps(space: Space) -> Iterator[Overlap]:
    cut = [(rule.id, space.cuts(rule.when)) for rule in space.rule_set.rules]
    for (earlier, its), (later, others) in combinations(cut, 2):
        together = (
            part
            for cells, holds in settle(others, space.everything)
            if holds
            for part, also in settle(its, cells)
            if also
        )
        for cells in islice(together, 1):
            yield Overlap(earlier, later, space.example(cells))


def _fullest(space: Space, uncaught: list[Cells]) -> Call | None:
    """A call of these in which every choice was made, else one in which little was asked."""
    chosen = [q.key for q in space.rule_set.questions if q.kind == "choice"]
    for cells in uncaught:
        full = cells
        for fact in (*chosen, "nature"):
            full &= ~space.of(fact, [None])
        if space.count(full):
            return space.example(full)
    return space.example(uncaught[0]) if uncaught else None


def _unread(rule_set: RuleSet) -> Iterator[Unread]:
    conditions = list(_conditions(rule_set))
    for question in rule_set.questions:
        asking = {c.passes for c in conditions if c.reads == question.key}
        ignored = tuple(
            value
            for value in question.values
            if all((value in passes) == (None in passes) for passes in asking)
        )
        if ignored or not asking:
            yield Unread(question.key, ignored, not asking)


def _conditions(rule_set: RuleSet) -> Iterator[Condition]:
    for rule in (*rule_set.rules, rule_set.default):
        units = (*rule.routes, *rule.adds, *rule.later_adds)
        whens = [rule.when, *(entry.when for entry in units)]
        whens += [level.when for level in rule.levels] + [note.when for note in rule.notes]
        for when in whens:
            for branch in when:
                yield from branch
