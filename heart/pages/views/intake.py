"""Taking a call: one page, every field saved by itself, the decision beside it."""

import json
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from heart.accounts.actions import log_read
from heart.journal.actor import Actor
from heart.journal.models import Entry
from heart.journal.queries import head
from heart.pages.commands import (
    REFUSALS,
    as_uuid,
    done_before,
    press,
    problems_of,
    signed_in,
)
from heart.pages.fragments import call_parts, items_of
from heart.pages.queries.call import CallView, call_view, questions
from heart.pages.reading import log_answer
from heart.pages.views.call import choices
from heart.roles import Permission, needs
from intake import actions as intake
from intake.models import Beat, Call, Nature
from intake.steps import FIELD_NAMES, CallFields, Refused
from triage import actions as triage
from triage.clashes import Clash, Held, Seen, known
from triage.models import Question

IN_FIELDS = {"loc", "caller", "lang"}
"""Questions that the fields of the form already ask."""

LANGUAGES = [
    ("en", "English"),
    ("es", "Español"),
    ("fr", "French"),
    ("ar", "Arabic"),
    ("zh", "Chinese"),
]
SHOWN_PARTS = ("decision", "clinician", "notes", "place", "alike")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on the form with the answer it has so far."""

    question: Question
    value: str

    @property
    def options(self) -> list[dict[str, Any]]:
        return [
            {**answer, "number": number, "is_chosen": answer["value"] == self.value}
            for number, answer in enumerate(self.question.answers, start=1)
        ]


def _asked(call: Call | None) -> list[Asked]:
    assessment = getattr(call, "assessment", None)
    answers = assessment.answers if assessment else {}
    return [
        Asked(question, answers.get(question.key, ""))
        for question in questions(assessment.rule_set_id if assessment else None)
        if question.kind != "automatic" and question.key not in IN_FIELDS
    ]


def _form(request: HttpRequest, call: Call | None, view: CallView | None) -> HttpResponse:
    asked = _asked(call)
    parts = call_parts(view) if view else {}
    context = {
        "call": call,
        "view": view,
        "parts": {name: parts.get(name, "") for name in SHOWN_PARTS},
        "cursor": head(),
        "now": timezone.now(),
        "interpreter": next((each for each in asked if each.question.key == "interpreter"), None),
        "asked": [each for each in asked if each.question.key != "interpreter"],
        "natures": Nature.objects.filter(is_active=True),
        "beats": Beat.objects.all(),
        "relations": Call.Relation.choices,
        "languages": LANGUAGES,
        "known": json.dumps(_known(call)),
    }
    return render(request, "calls/intake.html", context | choices())


@needs(Permission.TAKE_CALL)
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """An empty form: there is no call before its first field."""
    return _form(request, None, None)


@needs(Permission.TAKE_CALL)
@require_GET
def form(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a call that exists; opening it is written down."""
    call = get_object_or_404(Call.objects.select_related("assessment"), number=number)
    log_read(by=signed_in(request).actor("console"), call_id=call.pk, what="call", screen="intake")
    view = call_view(call.pk)
    return _form(request, view.call if view else call, view)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page sends when it saves by itself."""

    fields: CallFields
    answers: dict[str, Any]
    seen: Seen
    command_id: Any


def _draft(request: HttpRequest) -> Draft:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Refused(**{"": "the page sent something that cannot be read"}) from error
    fields = body.get("fields", {}) if isinstance(body, dict) else None
    answers = body.get("answers", {}) if isinstance(body, dict) else None
    if not isinstance(fields, dict) or not isinstance(answers, dict):
        raise Refused(**{"": "fields and answers must be objects"})
    if unknown := fields.keys() - FIELD_NAMES:
        raise Refused(**dict.fromkeys(sorted(unknown), "unknown field"))
    seen = body.get("seen", {})
    if not isinstance(seen, dict) or not all(
        isinstance(seen.get(kind, {}), dict) for kind in ("fields", "answers")
    ):
        raise Refused(**{"": "seen must be an object of fields and answers"})
    typed: Any = fields
    return Draft(
        typed,
        answers,
        Seen(seen.get("fields", {}), seen.get("answers", {})),
        as_uuid(body.get("command_id")),
    )


def _known(call: Call | None) -> dict[str, Any]:
    """What the form shows of a call: the next save says against this what somebody else changed."""
    if call is None:
        return {"fields": {}, "answers": {}}
    return asdict(known(call, getattr(call, "assessment", None)))


@needs(Permission.TAKE_CALL)
@require_POST
def begin(request: HttpRequest) -> JsonResponse:
    """The first field brings the call into the world; sending it twice gives the same call."""
    by = signed_in(request).actor("console")
    try:
        draft = _draft(request)
        call = _begun(draft, by)
        if draft.answers:
            triage.save(call_id=call.pk, fields={}, answers=draft.answers, by=by)
    except REFUSALS as refused:
        return _refused(refused)
    return _saved(call.pk, HTTPStatus.CREATED)


def _begun(draft: Draft, by: Actor) -> Call:
    """The call of this command, from before or from now; of twins at once one brings it."""
    if known := done_before(draft.command_id):
        return _call_of(known, by)
    try:
        return intake.take_call(fields=draft.fields, by=by, command_id=draft.command_id)
    except IntegrityError:
        known = done_before(draft.command_id)
        if known is None:
            raise
        return _call_of(known, by)


def _call_of(entry: Entry, by: Actor) -> Call:
    if (entry.verb, entry.actor_id) != ("call.taken", by.id):
        raise Refused(**{"": "this command was for something else: reload the page"})
    return Call.objects.get(pk=entry.call_id or 0)


@needs(Permission.TAKE_CALL)
@require_POST
def keep(request: HttpRequest, number: str) -> JsonResponse:
    """Keep fields and answers as they are typed; what bears on the route is triaged at once."""
    call = get_object_or_404(Call, number=number)
    user = signed_in(request)
    by = user.actor("console")
    if call.taken_by_id != user.pk:
        log_answer(user, call.pk, "intake")
    try:
        draft = _draft(request)
        if not done_before(draft.command_id):
            triage.save(
                call_id=call.pk,
                fields=draft.fields,
                answers=draft.answers,
                seen=draft.seen,
                by=by,
                command_id=draft.command_id,
            )
    except REFUSALS as refused:
        return _refused(refused, call.pk)
    except ObjectDoesNotExist as gone:
        raise Http404(number) from gone
    except IntegrityError:
        if not done_before(draft.command_id):
            raise
    return _saved(call.pk, HTTPStatus.OK)


def _saved(call_id: int, status: HTTPStatus) -> JsonResponse:
    view = call_view(call_id)
    assert view is not None  # noqa: S101 - saved above
    body = {
        "id": call_id,
        "number": view.call.number,
        "saved_at": timezone.now().isoformat(timespec="milliseconds"),
        "beat": view.call.beat.code if view.call.beat else "",
        "items": items_of(view),
        "known": _known(view.call),
    }
    return JsonResponse(body, status=status)


def _refused(refused: Exception, call_id: int | None = None) -> JsonResponse:
    """422 for what was typed, 409 for what somebody else did meanwhile; with the call as it is now."""
    is_clash = isinstance(refused, Clash) or not isinstance(refused, Refused)
    status = HTTPStatus.CONFLICT if is_clash else HTTPStatus.UNPROCESSABLE_ENTITY
    view = call_view(call_id) if call_id else None
    body = {"problems": problems_of(refused), "items": items_of(view) if view else []}
    if isinstance(refused, Clash):
        body["clashes"] = {
            "fields": {name: _held(one) for name, one in refused.fields.items()},
            "answers": {name: _held(one) for name, one in refused.answers.items()},
        }
    return JsonResponse(body, status=status)


def _held(held: Held) -> dict[str, Any]:
    return {"value": held.value, "words": held.words}


@needs(Permission.TAKE_CALL)
@require_POST
def release(request: HttpRequest, number: str) -> HttpResponse:
    """The call-taker leaves the line; the call goes on."""
    return press(
        request,
        number,
        "Finished: the call goes on without you.",
        lambda call, command: intake.release(
            call_id=call.pk, by=command.by, command_id=command.command_id
        ),
    )
