"""What the worklist shows live: promises and notices."""

from collections.abc import Sequence

from django.template.loader import get_template

from followup.models import FollowUp, Notice
from heart.journal.models import Entry
from heart.live.audiences import Kind
from heart.live.registry import Item, number_of, register
from heart.pages.fragments import calls_of
from heart.pages.presses import item
from heart.pages.queries.worklist import open_notices, work_rows

READING = frozenset({"record.read"})


def _changed(entries: Sequence[Entry]) -> set[int]:
    return calls_of(entry for entry in entries if entry.verb not in READING)


def _stale_followups(entries: Sequence[Entry], _: int) -> list[str]:
    calls = _changed(entries)
    if not calls:
        return []
    ids = FollowUp.objects.filter(call_id__in=calls).values_list("pk", flat=True)
    return [f"followup-{pk}" for pk in ids]


def _render_followups(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("worklist/_followup.html")
    return [
        item(f"followup-{row.followup.pk}", template.render({"row": row}), list=row.place)
        for row in work_rows(map(number_of, ids))
    ]


def _stale_notices(entries: Sequence[Entry], _: int) -> list[str]:
    calls = _changed(entries)
    if not calls:
        return []
    ids = Notice.objects.filter(followup__call_id__in=calls).values_list("pk", flat=True)
    return [f"notice-{pk}" for pk in ids]


def _render_notices(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("worklist/_notice.html")
    return [
        item(f"notice-{row.pk}", template.render({"notice": row}))
        for row in open_notices(map(number_of, ids))
    ]


def enter() -> None:
    register(Kind.WORKLIST, "followup", stale=_stale_followups, render=_render_followups)
    register(Kind.WORKLIST, "notice", stale=_stale_notices, render=_render_notices)
