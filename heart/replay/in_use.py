"""How the rules fare day by day: overrides, answers that stay unknown, and what the shadow says.

Everything is counted by rule or question; who decided what stands in no table.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, Subquery

from heart.replay.tables import Column, Kind, Table, Value, share
from triage.models import PROTECTION, Decision, Question, Route, ShadowDecision

MOST_REASONS = 200
UP, DOWN, ASIDE = "up", "down", "aside"


def tables(since: datetime, until: datetime) -> list[Table]:
    """All tables of the decisions made in this span."""
    return [*_overrides(since, until), _unknown(since, until), *_shadow(since, until)]


def _overrides(since: datetime, until: datetime) -> Iterator[Table]:
    by_rules = Decision.objects.filter(
        source=Decision.Source.RULES, decided_at__gte=since, decided_at__lt=until
    )
    calls = dict(by_rules.values_list("rule").annotate(n=Count("call", distinct=True)))
    by_rule: dict[str, Counter[str]] = {}
    reasons: Counter[tuple[str, str, str, str]] = Counter()
    for made in _by_people(since, until):
        way = _direction(made)
        by_rule.setdefault(made["rule"], Counter())[way] += 1
        change = f"{made['from_route']} {made['from_level']} → {made['route']} {made['level']}"
        reasons[made["rule"], way, change, made["override_reason"]] += 1
    rows: list[tuple[Value, ...]] = []
    for rule in sorted({*calls, *by_rule}):
        ways, n = by_rule.get(rule, Counter()), calls.get(rule, 0)
        rows.append((rule, n, ways[UP], ways[DOWN], ways[ASIDE], share(ways.total(), n)))
    yield Table(
        "overrides",
        "Overrides by rule",
        "Decisions that a person made over the rules, by the rule that had decided (metric 26). Up: to"
        " a higher level or a route that protects more, and neither is less; down: either is less;"
        " aside: another route that protects as much. Rate: overrides per call that the rule decided"
        " in these days.",
        (
            Column("rule", "rule", Kind.TEXT),
            Column("calls", "calls decided"),
            Column("up", "up"),
            Column("down", "down"),
            Column("aside", "aside"),
            Column("rate", "rate", Kind.SHARE),
        ),
        rows,
        "The rules decided about no call in these days.",
    )
    yield Table(
        "override-reasons",
        "Reasons for overrides",
        f"As they were written, most frequent first; at most {MOST_REASONS} lines.",
        (
            Column("rule", "rule", Kind.TEXT),
            Column("direction", "direction", Kind.TEXT),
            Column("change", "route and level", Kind.TEXT),
            Column("reason", "reason", Kind.SENTENCE),
            Column("times", "times"),
        ),
        [(*key, n) for key, n in reasons.most_common(MOST_REASONS)],
        "Nobody decided over the rules in these days.",
    )


def _by_people(since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """What people decided, beside the decision that stood before."""
    before = Decision.objects.filter(call=OuterRef("call"), pk__lt=OuterRef("pk")).order_by("-pk")
    made = Decision.objects.filter(
        source=Decision.Source.PERSON, decided_at__gte=since, decided_at__lt=until
    ).annotate(
        from_route=Subquery(before.values("route")[:1]),
        from_level=Subquery(before.values("level")[:1]),
    )
    wanted = ("rule", "route", "level", "override_reason", "from_route", "from_level")
    yield from made.exclude(from_route=None).order_by("pk").values(*wanted).iterator()


def _direction(made: dict[str, Any]) -> str:
    before = PROTECTION[Route(made["from_route"])], made["from_level"]
    after = PROTECTION[Route(made["route"])], made["level"]
    if after == before:
        return ASIDE
    return UP if after[0] >= before[0] and after[1] >= before[1] else DOWN


def _unknown(since: datetime, until: datetime) -> Table:
    with connection.cursor() as sql:
        sql.execute(LAST_ANSWERS, [since, until])
        found = {
            key: (calls, answered, unknown) for key, calls, answered, unknown in sql.fetchall()
        }
    # In the newest wording; what the console answers by itself is never unknown.
    asked = Question.objects.exclude(kind="automatic").order_by("pk")
    asks = dict(asked.values_list("key", "ask_en"))
    rows: list[tuple[Value, ...]] = [
        (
            key,
            answered,
            share(answered, calls),
            unknown,
            share(unknown, answered),
            asks[key],
        )
        for key, (calls, answered, unknown) in found.items()
        if key in asks
    ]
    rows.sort(key=lambda row: (-float(row[4] or 0), str(row[0])))
    return Table(
        "unknown",
        "Answers that stay unknown",
        "By question, of the last decision of the rules about each call (metric 10). Answered: of the"
        " calls decided in these days; unknown: of those that answered, “unknown” included.",
        (
            Column("question", "key", Kind.TEXT),
            Column("answered", "answered"),
            Column("answered_share", "of calls", Kind.SHARE),
            Column("unknown", "unknown"),
            Column("unknown_share", "rate", Kind.SHARE),
            Column("asked", "question", Kind.SENTENCE),
        ),
        rows,
        "The rules decided about no call in these days.",
    )


LAST_ANSWERS = """
    WITH last AS (
        SELECT DISTINCT ON (call_id) inputs FROM triage_decision
        WHERE source = 'rules' AND decided_at >= %s AND decided_at < %s
        ORDER BY call_id, id DESC
    )
    SELECT answer.key, (SELECT count(*) FROM last), count(*),
        count(*) FILTER (WHERE answer.value = 'unknown')
    FROM last, jsonb_each_text(last.inputs -> 'answers') AS answer
    GROUP BY answer.key ORDER BY answer.key
"""


def _shadow(since: datetime, until: datetime) -> Iterator[Table]:
    made = ShadowDecision.objects.filter(
        decision__decided_at__gte=since, decision__decided_at__lt=until
    )
    by_version = (
        made.values("rule_set__version")
        .annotate(n=Count("pk"), differ=Count("pk", filter=Q(differs=True)))
        .order_by("-rule_set__version")
    )
    yield Table(
        "shadow",
        "Versions in shadow",
        "Decisions about live calls that a version in shadow made silently beside the one in force, and"
        " how many of them differ in route, level or units.",
        (
            Column("version", "version", Kind.TEXT),
            Column("decisions", "decisions"),
            Column("differ", "differ"),
            Column("rate", "rate", Kind.SHARE),
        ),
        [
            (
                f"version {row['rule_set__version']}",
                row["n"],
                row["differ"],
                share(row["differ"], row["n"]),
            )
            for row in by_version
        ],
        "No version ran in shadow in these days.",
    )
    yield _disagreements(made)


def _disagreements(made: Any) -> Table:
    found: Counter[tuple[str, ...]] = Counter()
    wanted = ("rule_set__version", "rule", "route", "level", "reasons")
    rows = made.filter(differs=True).values(*wanted, before=F("decision__said"))
    for row in rows.iterator():
        said = row["before"]
        reason = row["reasons"][0][-1] if row["reasons"] else ""
        found[
            f"version {row['rule_set__version']}",
            f"{said.get('route')} {said.get('level')}",
            str(said.get("rule")),
            f"{row['route']} {row['level']}",
            row["rule"],
            reason,
        ] += 1
    return Table(
        "disagreements",
        "Where the shadow disagrees",
        "Route and level by the version in force, then by the shadow, with the rule that decided and"
        f" the shadow's first reason; at most {MOST_REASONS} lines.",
        (
            Column("version", "shadow", Kind.TEXT),
            Column("in_force", "in force", Kind.TEXT),
            Column("rule", "by rule", Kind.TEXT),
            Column("shadow", "shadow", Kind.TEXT),
            Column("shadow_rule", "by rule", Kind.TEXT),
            Column("reason", "because", Kind.SENTENCE),
            Column("times", "times"),
        ),
        [(*key, n) for key, n in found.most_common(MOST_REASONS)],
        "The shadow agrees with the version in force.",
    )
