"""The rules in use: overrides, unknown answers and what the shadow says, over a span of days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from heart.replay import asking
from heart.replay.in_use import tables
from heart.replay.panel.pages import csv_file, named
from heart.replay.reading import midnight
from heart.roles import Permission
from intake.steps import Refused
from triage.panel.frame import guarded

DAYS = 30


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the report, the last one included."""

    since: date
    until: date

    @property
    def text(self) -> tuple[str, str]:
        return str(self.since), str(self.until)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return midnight(self.since), midnight(self.until + timedelta(days=1))


@guarded(Permission.REPLAY_RULES)
@require_GET
def in_use(request: HttpRequest) -> HttpResponse:
    """The page; days that cannot be read are said, and those of the last month shown."""
    problems: dict[str, str] = {}
    try:
        days = _days(request)
    except Refused as refused:
        problems, days = refused.problems, _last_month()
    frame = {**admin.site.each_context(request), "title": "Rules in use", "is_fullwidth": "1"}
    context = {
        "days": days,
        "typed": request.GET if problems else {"since": str(days.since), "until": str(days.until)},
        "problems": problems,
        "tables": tables(*days.moments),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "replay/in_use.html", {**frame, **context}, status=status)


@guarded(Permission.REPLAY_RULES)
@require_GET
def table_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One of its tables as a file."""
    try:
        days = _days(request)
    except Refused as refused:
        return HttpResponse(str(refused), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return csv_file(named(tables(*days.moments), name), f"rules-in-use-{days.since}-{days.until}")


def _days(request: HttpRequest) -> Days:
    asked = asking.span(
        source="", since=request.GET.get("since", ""), until=request.GET.get("until", "")
    )
    last = _last_month()
    until = asked.until or last.until
    since = asked.since or until - timedelta(days=DAYS - 1)
    if since > until:
        raise Refused(until="ends before it begins")
    return Days(since, until)


def _last_month() -> Days:
    today = timezone.localdate()
    return Days(today - timedelta(days=DAYS - 1), today)
