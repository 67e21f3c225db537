"""One incident of several calls: which call stands for it, and what the others told."""

from django.db.models import Q, QuerySet

from intake.models import Call, Note


def stands_for(call_id: int) -> int:
    """The call that goes on for this one: itself, or the one it was merged into."""
    into = Call.objects.filter(pk=call_id).values_list("merged_into_id", flat=True).first()
    return into or call_id


def calls_of(call: Call) -> tuple[Call, ...]:
    """The calls of one incident: this one, and those merged into it."""
    return (call, *call.merged.all())


def notes_of(call: Call) -> QuerySet[Note]:
    """The notes of a call and of those merged into it, in the order in which they were written."""
    of_incident = Q(call=call) | Q(call__merged_into=call)
    return (
        Note.objects.filter(of_incident)
        .select_related("author", "call")
        .order_by("written_at", "id")
    )
