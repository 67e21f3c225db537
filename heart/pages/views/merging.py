"""One incident of two calls: first it is said what would become of them, then it is done."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from dispatch.merge_plan import MergePlan, merge_plan
from dispatch.merging import Merged, merge
from heart.accounts.actions import log_read
from heart.pages.commands import Command, press, signed_in
from heart.pages.queries.call import questions
from heart.pages.reading import log_answer
from heart.roles import Permission, needs
from intake.models import Call
from intake.steps import Refused, text_fault

COLUMNS = {
    "nature": "nature",
    "location_text": "place",
    "latitude": "coordinates",
    "beat": "beat",
    "neighbor": "who it is about",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """A question that the calls answer differently, in words."""

    asked: str
    counts: str
    gives_way: str


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two directions in which the calls can be made one."""

    name: str
    plan: MergePlan
    weighed: list[Counts]

    @property
    def columns(self) -> list[str]:
        return [COLUMNS[name] for name in self.plan.taken_over if name in COLUMNS]


@needs(Permission.DISPATCH)
@require_http_methods(["GET", "POST"])
def both(request: HttpRequest, number: str) -> HttpResponse:
    """GET says what merging ``with`` another call would do; POST does it, ``into`` or ``from`` it."""
    if request.method == "POST":
        return _merge(request, number)
    call = get_object_or_404(_calls(), number=number)
    wanted = request.GET.get("with", "").strip()
    if not wanted:
        return HttpResponse('<div id="merge-preview"></div>')
    other = None if text_fault(wanted, 12) else _calls().filter(number=wanted).first()
    context = {"call": call, "other": other or {"number": wanted[:12]}}
    if other is None:
        problem = "There is no call of this number."
        return render(request, "calls/_merge.html", {**context, "problem": problem})
    log_answer(signed_in(request), call.pk, "call")
    log_read(by=signed_in(request).actor("console"), call_id=other.pk, what="call", screen="merge")
    try:
        ways = [_way("from", other, call), _way("into", call, other)]
    except Refused as refused:
        return render(request, "calls/_merge.html", {**context, "problem": f"{refused}."})
    return render(request, "calls/_merge.html", {**context, "ways": ways})


def _merge(request: HttpRequest, number: str) -> HttpResponse:
    def do(call: Call, command: Command) -> Merged:
        merged, into = call.pk, call.pk
        if said := request.POST.get("into", ""):
            into = _pk_of(said)
        else:
            merged = _pk_of(request.POST.get("from", ""))
        return merge(call_id=merged, into_id=into, by=command.by, command_id=command.command_id)

    answer = press(request, number, "Merged: one incident, one call.", do)
    if answer.status_code == 200:
        answer.content += b'<div id="merge-preview"></div>'
    return answer


def _pk_of(number: str) -> int:
    found = Call.objects.filter(number=number.strip()).values_list("pk", flat=True)
    pk = None if text_fault(number, 12) else found.first()
    if pk is None:
        raise Refused(into="there is no call of this number")
    return pk


def _calls() -> QuerySet[Call]:
    return Call.objects.select_related("nature", "beat", "merged_into", "assessment")


def _way(name: str, call: Call, into: Call) -> Way:
    plan = merge_plan(call, into)
    assessment = getattr(into, "assessment", None)
    asked = {each.key: each for each in questions(assessment.rule_set_id if assessment else None)}
    told = []
    for each in plan.weighed:
        question = asked.get(each.key)
        labels = {a["value"]: a["label_en"] for a in question.answers} if question else {}
        loses = each.ours if each.counts == each.theirs else each.theirs
        told.append(
            Counts(
                question.ask_en if question else each.key,
                labels.get(each.counts, each.counts),
                labels.get(loses, loses),
            )
        )
    return Way(name, plan, told)
