"""History as a replay reads it: what is known of each call, and nothing that is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from dispatch.models import Backup, Handoff
from heart.history.natures import DISORDER, OUTSIDE
from heart.replay.models import Replay
from intake.models import Call
from intake.queries import UNKNOWN_NATURE
from triage.models import Decision, Question
from triage.replay import MISSING
from triage.replay.columns import Missing
from triage.rules.answers import Question as Asked

Known = str | None | Missing
"""An answer, None where the question was not asked, MISSING where the record does not tell."""

TOLD_BY_THE_RECORD = ("hour", "beat")
"""Questions that the time and the place of a call answer, of an imported one too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which calls: local days from ``since`` to the end of ``until``, and from where they come."""

    source: Replay.Source = Replay.Source.ALL
    profile: str = ""
    since: date | None = None
    until: date | None = None

    def calls(self) -> QuerySet[Call]:
        """The calls of the span, in the order in which they were entered."""
        found = Call.objects.order_by("pk")
        if self.source == Replay.Source.HERE:
            found = found.exclude(source=Call.Source.IMPORT)
        elif self.source == Replay.Source.IMPORTED:
            found = found.filter(source=Call.Source.IMPORT)
        if self.profile:
            found = found.filter(imported__profile=self.profile)
        if self.since:
            found = found.filter(received_at__gte=midnight(self.since))
        if self.until:
            found = found.filter(received_at__lt=midnight(self.until + timedelta(days=1)))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One call as the record tells it.

    ``answers`` are those given here; of the questions in ``asked``, the others were not asked.
    ``is_disorder``: the city's code says no more than a disturbance.
    ``is_community`` is false for what officers and the office began themselves. ``shows_police``
    is None where the record cannot show whether police were sent.
    """

    call_id: int
    received_at: datetime
    nature: Known
    hour: int | None = None
    beat: str = ""
    tier: str = ""
    is_here: bool = False
    is_disorder: bool = False
    is_community: bool = True
    shows_police: bool | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def known(self, question: Asked) -> Known:
        """What is known of the answer to a question of the replayed version."""
        value = self.answers.get(question.key)
        if value is None and question.key in TOLD_BY_THE_RECORD:
            return self._told(question)
        if value is None:
            return None if question.key in self.asked else MISSING
        # An answer that this version does not have: what would have been said is not known.
        return value if question.is_open or value in question.values else MISSING

    def _told(self, question: Asked) -> Known:
        """What the console would answer by itself, as ``triage.queries.known_to_console``."""
        hour = "" if self.hour is None else f"{self.hour:02}"
        value = {"hour": hour, "beat": self.beat}[question.key]
        if value:
            return value if value in question.values else None
        return None if self.is_here else MISSING


def batches(
    span: Span, size: int, *, after: int = 0, up_to: int | None = None
) -> Iterator[list[Past]]:
    """The calls of the span from ``after`` on, batch by batch."""
    while batch := read(span, size, after=after, up_to=up_to):
        yield batch
        after = batch[-1].call_id


def read(span: Span, size: int, *, after: int = 0, up_to: int | None = None) -> list[Past]:
    """The next calls after this one, each with all that is known of it; four queries."""
    found = span.calls().filter(pk__gt=after)
    if up_to is not None:
        found = found.filter(pk__lte=up_to)
    rows = list(
        found.values_list(
            "pk",
            "source",
            "received_at",
            "beat__code",
            "nature__code",
            "initial_nature__code",
            "imported__tier",
            "imported__apco_code",
            "imported__is_officer_initiated",
            "imported__shows_police",
            "imported__local_hour",
            named=True,
        )[:size]
    )
    here = [row.pk for row in rows if row.source != Call.Source.IMPORT]
    decided = _decided(here) if here else {}
    asked = _asked({decision.rule_set_id for decision in decided.values()}) if here else {}
    police = _with_police(here) if here else set()
    return [
        _here(row, decided.get(row.pk), asked, shows_police=row.pk in police)
        if row.source != Call.Source.IMPORT
        else _imported(row)
        for row in rows
    ]


def _imported(row: Any) -> Past:
    nature = row.initial_nature__code
    # OTHER without a code of the mapping says only that nobody translated the city's own.
    is_told = nature is not None and (nature != UNKNOWN_NATURE or bool(row.imported__apco_code))
    hour = row.imported__local_hour
    return Past(
        call_id=row.pk,
        received_at=row.received_at,
        nature=nature if is_told else MISSING,
        hour=local(row.received_at).hour if hour is None else hour,
        beat=row.beat__code or "",
        tier=row.imported__tier or "",
        is_disorder=row.imported__apco_code == DISORDER,
        is_community=not row.imported__is_officer_initiated and row.imported__tier != OUTSIDE,
        shows_police=row.imported__shows_police,
    )


def _here(
    row: Any,
    decision: Decision | None,
    asked: Mapping[int, frozenset[str]],
    *,
    shows_police: bool,
) -> Past:
    told = decision.inputs if decision else {}
    return Past(
        call_id=row.pk,
        received_at=row.received_at,
        nature=told.get("nature") if decision else row.nature__code or MISSING,
        hour=local(row.received_at).hour,
        beat=row.beat__code or "",
        is_here=True,
        is_community=row.source != Call.Source.OFFICER,
        shows_police=shows_police,
        answers=told.get("answers", {}),
        asked=asked[decision.rule_set_id] if decision else frozenset(),
    )


def _decided(calls: Sequence[int]) -> dict[int, Decision]:
    """The last decision that the rules made about each call, with what it rested on."""
    last = (
        Decision.objects.filter(call__in=calls, source=Decision.Source.RULES)
        .order_by("call_id", "-id")
        .distinct("call_id")
        .only("call_id", "rule_set_id", "inputs")
    )
    return {decision.call_id: decision for decision in last}


def _with_police(calls: Sequence[int]) -> set[int]:
    """The calls that were handed to police, or on which a crew asked for them."""
    handed = Handoff.objects.filter(call=OuterRef("pk"), agency=Handoff.Agency.POLICE)
    asked = Backup.objects.filter(run__call=OuterRef("pk"), agency="POLICE")
    found = Call.objects.filter(Q(Exists(handed)) | Q(Exists(asked)), pk__in=calls)
    return set(found.values_list("pk", flat=True))


def _asked(rule_sets: set[int]) -> dict[int, frozenset[str]]:
    """The questions of each of the versions that the calls began with."""
    found: dict[int, set[str]] = {rule_set: set() for rule_set in rule_sets}
    questions = Question.objects.filter(rule_set__in=rule_sets)
    for rule_set, key in questions.values_list("rule_set_id", "key"):
        found[rule_set].add(key)
    return {rule_set: frozenset(keys) for rule_set, keys in found.items()}


def local(moment: datetime) -> datetime:
    """A moment on the agency's own clock."""
    return moment.astimezone(ZoneInfo(settings.HEART_TIME_ZONE))


def midnight(day: date) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), ZoneInfo(settings.HEART_TIME_ZONE)).astimezone(UTC)
