"""Lists to choose from: calls by what is known of them, teams for a call. What is shown counts as read."""

import re
from datetime import timedelta
from typing import NamedTuple

from django.db.models import CharField, F, Func, Q, Value
from django.utils import timezone

from dispatch.ranking import Ranked
from heart.accounts.models import User
from heart.pages.queries.call import call_view
from heart.pages.reading import log_answer, log_opening
from intake.models import Call

SPAN = timedelta(days=90)
MOST = 8


class Choice(NamedTuple):
    """A line that can be chosen instead of typed, and what it means; without a line it only tells."""

    line: str
    words: str


def found(text: str, user: User) -> list[Choice]:
    """Calls of the last 90 days that every word fits: open ones first, then the last closed."""
    digits = Func(
        *(F("caller_phone"), Value(r"\D"), Value(""), Value("g")),
        function="regexp_replace",
        output_field=CharField(),
    )
    calls = Call.objects.filter(received_at__gt=timezone.now() - SPAN).annotate(digits=digits)
    for word in text.replace("\x00", " ").split():
        calls = calls.filter(_fits(word))
    newest = calls.select_related("nature").order_by(F("closed_at").desc(nulls_first=True), "-id")
    return [_choice(call, user) for call in newest[:MOST]]


def recommended(call: Call, user: User) -> list[Choice]:
    """The teams in the order of the call page: those that can go with why, then the others."""
    log_answer(user, call.pk, "command line")
    view = call_view(call.pk)
    advice = view.recommended if view else None
    return [_team(each, call) for each in advice.ranked[:MOST]] if advice else []


def _team(ranked: Ranked, call: Call) -> Choice:
    why = [reason.words for reason in (*ranked.reasons, *ranked.against)]
    if not ranked.can_go:
        return Choice("", f"{ranked.unit.code} cannot go: {', '.join(why)}")
    return Choice(f"d {ranked.unit.code} {call.number}", ", ".join([ranked.way, *why]))


def _fits(word: str) -> Q:
    fits = (
        Q(number__icontains=word)
        | Q(location_text__icontains=word)
        | Q(nature__name__icontains=word)
        | Q(nature__name_es__icontains=word)
        | Q(nature__code__iexact=word)
    )
    if digits := re.sub(r"\D", "", word, flags=re.ASCII):
        fits |= Q(digits__contains=digits)
    return fits


def _choice(call: Call, user: User) -> Choice:
    log_opening(user, call.pk, "search result", "command line")
    known = (call.location_text, call.nature.name if call.nature else "", call.caller_phone)
    words = " · ".join([call.number, *filter(None, known), str(call.status)])
    return Choice(f"open {call.number}", words)
