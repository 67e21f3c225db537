"""All replays, the form that asks for one, one replay while it runs and as its report."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from heart.moves import MoveRefused
from heart.replay import actions, asking, results
from heart.replay.models import Flip, Replay
from heart.replay.reading import local
from heart.replay.tables import Table
from heart.roles import Permission, allowed
from intake.steps import Refused
from triage.models import RuleSet
from triage.panel.frame import actor, guarded

PER_PAGE = 50
FIELDS = ("version", "against", "source", "since", "until")
LARGE = ("tables", "tallies", "staffing")


@guarded(Permission.REPLAY_RULES)
@require_GET
def replays(request: HttpRequest) -> HttpResponse:
    """Every replay, newest first, and the form for another."""
    return _list(request, typed=request.GET.dict())


@guarded(Permission.REPLAY_RULES)
@require_GET
def of_version(request: HttpRequest, version: int) -> HttpResponse:
    """The form with a version chosen, to be compared with the one it was made from."""
    row = get_object_or_404(RuleSet.objects.select_related("based_on"), version=version)
    against = row.based_on.version if row.based_on else ""
    return redirect(f"{_address('changelist')}?version={version}&against={against}")


@guarded(Permission.REPLAY_RULES)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Queue a replay; what cannot be is said at its field, and nothing typed is lost."""
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        made = actions.request_replay(**asking.wish(**typed), by=actor(request))
    except Refused as refused:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _list(request, status, typed=typed, problems=refused.problems)
    return redirect(_address("replay", made.pk))


@guarded(Permission.REPLAY_RULES)
@require_GET
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """One replay: how far it is, or its report."""
    row = _found(pk)
    return _page(request, "replay/replay.html", f"Replay {row.pk}", **_shown(row))


@guarded(Permission.REPLAY_RULES)
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes, for its own refreshing: the report as soon as it is there."""
    row = _found(pk)
    if row.is_unfinished:
        return render(request, "replay/_progress.html", {"replay": row})
    answer = render(request, "replay/_replay.html", _shown(row))
    answer["HX-Retarget"] = "#replay"
    return answer


@guarded(Permission.REPLAY_RULES)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a replay for good."""
    row = _found(pk)
    try:
        actions.cancel_replay(replay_id=row.pk, by=actor(request))
    except MoveRefused as refused:
        messages.error(request, f"Not stopped: the {refused}.")
    return redirect(_address("replay", row.pk))


@guarded(Permission.REPLAY_RULES)
@require_GET
def flips(request: HttpRequest, pk: int) -> HttpResponse:
    """The calls that two versions part, page by page; reading them is written down."""
    row = _compared(pk)
    page = Paginator(_flips(row), PER_PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        actions.note_listing(replay_id=row.pk, calls=len(page.object_list), by=actor(request))
    return _page(
        request,
        "replay/flips.html",
        f"Replay {row.pk}: flipped calls",
        replay=row,
        table=results.flips(row, list(page.object_list)),
        page=page,
        may_open=allowed(request.user, Permission.VIEW_CALL),
    )


@guarded(Permission.REPLAY_RULES)
@require_GET
def flips_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """All of these calls as a file; reading them is written down."""
    row = _compared(pk)
    found = list(_flips(row))
    if found:
        actions.note_listing(replay_id=row.pk, calls=len(found), by=actor(request))
    return csv_file(results.flips(row, found), f"replay-{row.pk}")


@guarded(Permission.REPLAY_RULES)
@require_GET
def table_csv(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One table of a report as a file."""
    row = _found(pk)
    return csv_file(named(results.tables(row), name), f"replay-{row.pk}")


def named(tables: list[Table], name: str) -> Table:
    """The table of this name; 404 without it."""
    for table in tables:
        if table.name == name:
            return table
    raise Http404("There is no such table.")


def csv_file(table: Table, of: str) -> HttpResponse:
    """A table for a spreadsheet."""
    answer = HttpResponse(table.csv(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{of}-{table.name}.csv"'
    return answer


def _list(request: HttpRequest, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    rows = Replay.objects.select_related("rule_set", "against", "requested_by").defer(*LARGE)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return _page(
        request,
        "replay/replays.html",
        "Replays",
        status,
        page=page,
        lines=[(row, _words(row)) for row in page.object_list],
        versions=RuleSet.objects.only("version", "title", "status"),
        sources=Replay.Source.choices,
        profiles=asking.profiles(),
        **context,
    )


def _page(
    request: HttpRequest, template: str, title: str, status: int = HTTPStatus.OK, **context: Any
) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title, "is_fullwidth": "1"}
    return render(request, template, {**frame, **context}, status=status)


def _shown(row: Replay) -> dict[str, Any]:
    return {
        "replay": row,
        "words": _words(row),
        "tables": [] if row.is_unfinished else results.tables(row),
        "flipped": row.flips.count() if row.against_id else 0,
        "data_from": local(row.data_from).date() if row.data_from else None,
        "data_to": local(row.data_to).date() if row.data_to else None,
        "took": (row.finished_at - row.started_at).total_seconds()
        if row.finished_at and row.started_at
        else None,
    }


def _words(row: Replay) -> dict[str, str]:
    return {
        "source": results.source_words(row.source, row.profile),
        "days": results.days_words(row.since, row.until),
    }


def _found(pk: int) -> Replay:
    known = Replay.objects.select_related("rule_set", "against", "requested_by")
    return get_object_or_404(known, pk=pk)


def _compared(pk: int) -> Replay:
    row = _found(pk)
    if row.against_id is None:
        raise Http404("This replay compares no versions.")
    return row


def _flips(row: Replay) -> QuerySet[Flip]:
    """Those that get another route first."""
    keeps_route = ExpressionWrapper(Q(route=F("other_route")), BooleanField())
    found = Flip.objects.filter(replay=row).select_related("call__beat")
    return found.annotate(keeps_route=keeps_route).order_by("keeps_route", "pk")


def _address(name: str, *args: Any) -> str:
    return reverse(f"admin:replay_replay_{name}", args=args)
