from typing import Any, ClassVar

from django.db import migrations

FORBID = """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP;
END $$;
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
"""
ALLOW = """
DROP TRIGGER entry_is_append_only ON journal_entry;
DROP FUNCTION journal_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[Any]] = [("journal", "0001_initial")]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(FORBID, ALLOW),
        migrations.RunSQL(
            "INSERT INTO journal_epoch (id, number) VALUES (1, 1)", "DELETE FROM journal_epoch"
        ),
    ]
