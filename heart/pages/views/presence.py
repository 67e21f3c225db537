"""Who else has the call on the screen, and what they edit; said by the page every ten seconds."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from heart.pages.commands import signed_in
from heart.presence import watching
from heart.roles import Permission, needs
from intake.models import Call

FIELD_WORDS = {
    "caller_phone": "the call-back number",
    "location_text": "the location",
    "point": "the location",
    "beat": "the beat",
    "caller": "who is calling",
    "language": "the language",
    "nature": "the nature",
    "narrative": "the narrative",
    "text": "a note",
}


@needs(Permission.VIEW_CALL)
@require_POST
def here(request: HttpRequest, number: str) -> JsonResponse:
    """Say that this person is here; the answer names the others."""
    call = get_object_or_404(Call.objects.only("pk"), number=number)
    user, form = signed_in(request), request.POST
    screen = form.get("screen", "")
    if form.get("left"):
        watching.leave(call_id=call.pk, user_id=user.pk, screen=screen)
        return JsonResponse({"others": []})
    found = watching.be_here(
        call_id=call.pk, user_id=user.pk, screen=screen, field=form.get("field", "")
    )
    return JsonResponse(
        {
            "others": [
                {"name": other.name, "does": _does(other.field), "is_editing": bool(other.field)}
                for other in found
            ]
        }
    )


def _does(field: str) -> str:
    """Like "is editing the location"."""
    if not field:
        return "is viewing"
    return f"is editing {FIELD_WORDS.get(field, field.replace('_', ' '))}"
