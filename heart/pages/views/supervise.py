"""The supervisor's page: is everything running, is anybody waiting too long, are promises kept?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from heart.pages.queries.supervise import supervision
from heart.roles import Permission, needs

PANEL = (
    ("Natures", "/admin/intake/nature/"),
    ("Triage rules", "/admin/triage/ruleset/"),
    ("Units", "/admin/dispatch/unit/"),
    ("People", "/admin/accounts/user/"),
    ("Journal", "/admin/journal/entry/"),
    ("Decisions", "/admin/triage/decision/"),
)


@needs(Permission.SUPERVISE)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The whole page, or for its own refreshing only what changes."""
    template = (
        "supervise/_figures.html"
        if request.headers.get("HX-Request")
        else "supervise/supervise.html"
    )
    return render(request, template, {"now": supervision(), "panel": PANEL})
