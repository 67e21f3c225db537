from django.contrib import admin
from unfold.decorators import display

from heart.adminsite import ReadOnlyAdmin
from heart.journal.facts import sentence
from heart.journal.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Everything that happened, newest first."""

    list_display = ("happened_at", "actor_name", "what", "verb", "call_id", "subject", "source")
    list_filter = ("source", "verb")
    search_fields = ("verb", "subject", "actor_name", "=call_id")
    search_help_text = "verb, subject like run:7, person, or call id"
    ordering = ("-id",)
    show_full_result_count = False

    @display(description="what")
    def what(self, entry: Entry) -> str:
        return sentence(entry.verb, entry.payload)
