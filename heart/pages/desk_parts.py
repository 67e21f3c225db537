"""What the clinician's desk shows live: the queue, who is talking, requests to lower."""

from collections.abc import Sequence

from django.template.loader import get_template

from heart.journal.models import Entry
from heart.live.audiences import Kind
from heart.live.registry import Item, number_of, register
from heart.pages.fragments import QUIET, calls_of
from heart.pages.presses import item
from heart.pages.queries.desk import desk_rows, lowerings_asked
from triage.models import Consult, Lowering


def _loud(entries: Sequence[Entry]) -> set[int]:
    return calls_of(entry for entry in entries if entry.verb not in QUIET)


def _stale_consults(entries: Sequence[Entry], _: int) -> list[str]:
    calls = _loud(entries)
    if not calls:
        return []
    ids = Consult.objects.filter(call_id__in=calls).values_list("pk", flat=True)
    return [f"consult-{pk}" for pk in ids]


def _render_consults(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("desk/_consult.html")
    return [
        item(f"consult-{row.consult.pk}", template.render({"row": row}), list=row.place)
        for row in desk_rows(map(number_of, ids))
    ]


def _stale_lowerings(entries: Sequence[Entry], _: int) -> list[str]:
    calls = _loud(entries)
    if not calls:
        return []
    ids = Lowering.objects.filter(call_id__in=calls).values_list("pk", flat=True)
    return [f"lowering-{pk}" for pk in ids]


def _render_lowerings(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("desk/_lowering.html")
    return [
        item(f"lowering-{row.pk}", template.render({"row": row}))
        for row in lowerings_asked(map(number_of, ids))
    ]


def enter() -> None:
    register(Kind.DESK, "consult", stale=_stale_consults, render=_render_consults)
    register(Kind.DESK, "lowering", stale=_stale_lowerings, render=_render_lowerings)
