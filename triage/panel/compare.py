"""Two versions side by side, in words."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from heart.roles import Permission
from triage.models import RuleSet
from triage.panel import frame
from triage.queries import active_rule_set_id, rows_of
from triage.wording.comparing import compare


@require_GET
@frame.guarded(Permission.ADMINISTER)
def page(request: HttpRequest, number: int) -> HttpResponse:
    """This version beside another: ``?with=`` names it, else the one that it came from."""
    version = frame.version_of(number)
    others = list(RuleSet.objects.exclude(pk=version.pk))
    other = _wanted(request.GET.get("with", ""), others) or _nearest(version, others)
    sections = compare(rows_of(other), rows_of(version)) if other else ()
    return frame.page(
        request,
        "triage/compare.html",
        "compare",
        version,
        other=other,
        others=others,
        sections=sections,
        is_same=not any(section.changed for section in sections),
    )


def _wanted(number: str, others: list[RuleSet]) -> RuleSet | None:
    return next((other for other in others if str(other.version) == number), None)


def _nearest(version: RuleSet, others: list[RuleSet]) -> RuleSet | None:
    """What a version came from; else the one in force, else the newest before it."""
    wanted = (version.based_on_id, _active())
    found = (other for pk in wanted for other in others if other.pk == pk)
    before = (other for other in others if other.version < version.version)
    return next(found, None) or next(before, None) or next(iter(others), None)


def _active() -> int | None:
    try:
        return active_rule_set_id()
    except RuleSet.DoesNotExist:
        return None
