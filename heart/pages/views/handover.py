"""Handing over at the end of a shift: each open call gets an owner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dispatch.queue_actions import own
from heart.pages.commands import signed_in
from heart.pages.queries.handover import owned_calls, possible_owners
from heart.roles import Permission, needs
from intake.models import Call
from intake.steps import Refused


@needs(Permission.CLOSE_CALL)
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """The list; posted, the chosen calls are the chosen person's. What cannot go over is named."""
    refused: dict[str, str] = {}
    chosen = request.POST.getlist("calls")
    if request.method == "POST":
        refused = _hand_over(request, chosen)
        if not refused:
            return redirect("handover")
    user = signed_in(request)
    context = {
        "calls": owned_calls(user),
        "people": possible_owners(),
        "refused": refused,
        "chosen": chosen,
        "to": request.POST.get("to", ""),
    }
    return render(request, "handover/handover.html", context, status=422 if refused else 200)


def _hand_over(request: HttpRequest, numbers: list[str]) -> dict[str, str]:
    to = request.POST.get("to", "")
    if not to.isdecimal() or len(to) > 18:
        return {"to": "choose who takes them over"}
    if not numbers:
        return {"calls": "choose at least one call"}
    by, refused = signed_in(request).actor("console"), {}
    for call in Call.objects.filter(number__in=numbers[:1000]):
        try:
            own(call_id=call.pk, owner_id=int(to), by=by)
        except Refused as error:
            if not error.problems.get("owner", "").endswith("already"):
                refused[call.number] = str(error)
    return refused
