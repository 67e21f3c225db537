from typing import Any, ClassVar

from django.db import migrations

FROZEN = """
CREATE OR REPLACE FUNCTION rule_set_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a version of the rules is never deleted';
    END IF;
    IF OLD.status <> 'draft' AND
        (OLD.version, OLD.title, OLD.is_synthetic, OLD.is_installed, OLD.switches, OLD.natures,
         OLD.based_on_id, OLD.author_id, OLD.revision, OLD.submitted_at, OLD.evidence)
        IS DISTINCT FROM
        (NEW.version, NEW.title, NEW.is_synthetic, NEW.is_installed, NEW.switches, NEW.natures,
         NEW.based_on_id, NEW.author_id, NEW.revision, NEW.submitted_at, NEW.evidence)
    THEN
        RAISE EXCEPTION 'a version of the rules that is no draft is frozen';
    END IF;
    IF NEW.status = 'draft' AND OLD.status <> 'draft' THEN
        RAISE EXCEPTION 'a version of the rules does not become a draft again';
    END IF;{forward}
    RETURN NEW;
END $$;
"""
FORWARD = """
    IF OLD.approved_by_id IS NOT NULL AND
        (OLD.approved_by_id, OLD.approved_at) IS DISTINCT FROM (NEW.approved_by_id, NEW.approved_at)
    THEN
        RAISE EXCEPTION 'the approval of a version of the rules does not change';
    END IF;
    IF OLD.status <> NEW.status AND NOT (
        (OLD.status, NEW.status) IN (
            ('draft', 'in_review'), ('in_review', 'shadow'), ('shadow', 'active'),
            ('draft', 'retired'), ('in_review', 'retired'), ('shadow', 'retired'),
            ('active', 'retired')
        )
        OR (OLD.status = 'draft' AND NEW.status = 'active' AND NEW.is_installed)
        OR (OLD.status = 'retired' AND NEW.status = 'active' AND OLD.activated_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'a version of the rules does not go from % to %', OLD.status, NEW.status;
    END IF;"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[Any]] = [("triage", "0004_decisions_by_time")]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(FROZEN.format(forward=FORWARD), FROZEN.format(forward=""))
    ]
