"""The journal: every change and every read of a person's record, append-only."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    IntegerLike = models.Field[int, int]
else:
    IntegerLike = models.Field


class Xid8Field(IntegerLike):
    """A PostgreSQL transaction id (64 bits, with epoch); psycopg2 hands it over as text."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: str | None, *_: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if hasattr(value, "resolve_expression") else str(value)


class CurrentTransaction(models.Func):
    """The id of the writing transaction: it orders entries by commit, which a serial id does not."""

    function = "pg_current_xact_id"
    output_field = Xid8Field()


class Entry(models.Model):
    """One thing that happened. Payload holds ids and codes only."""

    xid = Xid8Field(db_default=CurrentTransaction(), editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    happened_at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    call_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    source = models.CharField(max_length=20)
    payload = models.JSONField()
    command_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = "journal entry"
        verbose_name_plural = "journal"
        indexes: ClassVar = [
            # after(cursor): the tail of every live process
            models.Index(fields=["xid", "id"], name="entry_in_commit_order"),
            # timeline: the entries of one call
            models.Index(fields=["call_id", "id"], name="entry_of_call"),
            # replay(subject) and the admin's search
            models.Index(fields=["subject", "id"], name="entry_of_subject"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["command_id"], name="entry_once_per_command"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Epoch(models.Model):
    """The life of this database: a restored dump begins a new one, and old cursors end."""

    number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="epoch_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"epoch {self.number}"
