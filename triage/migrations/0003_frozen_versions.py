from typing import Any, ClassVar

from django.db import migrations

FREEZE = """
CREATE FUNCTION rule_set_part_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- OLD is NULL for an INSERT, NEW for a DELETE: what cannot be is in no version
    IF EXISTS (
        SELECT 1 FROM triage_ruleset
        WHERE id IN (OLD.rule_set_id, NEW.rule_set_id) AND status <> 'draft'
    ) THEN
        RAISE EXCEPTION 'a version of the rules that is no draft is frozen: % of % refused',
            TG_OP, TG_TABLE_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION rule_set_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION decision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'decisions are append-only: % refused', TG_OP;
END $$;
CREATE TRIGGER rule_set_is_frozen BEFORE UPDATE OR DELETE ON triage_ruleset
    FOR EACH ROW EXECUTE FUNCTION rule_set_is_frozen();
CREATE TRIGGER question_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON triage_question
    FOR EACH ROW EXECUTE FUNCTION rule_set_part_is_frozen();
CREATE TRIGGER rule_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON triage_rule
    FOR EACH ROW EXECUTE FUNCTION rule_set_part_is_frozen();
CREATE TRIGGER target_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON triage_target
    FOR EACH ROW EXECUTE FUNCTION rule_set_part_is_frozen();
CREATE TRIGGER fallback_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON triage_fallbackstep
    FOR EACH ROW EXECUTE FUNCTION rule_set_part_is_frozen();
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON triage_decision
    FOR EACH ROW EXECUTE FUNCTION decision_is_append_only();
CREATE TRIGGER shadow_is_append_only BEFORE UPDATE OR DELETE ON triage_shadowdecision
    FOR EACH ROW EXECUTE FUNCTION decision_is_append_only();
"""
THAW = """
DROP TRIGGER rule_set_is_frozen ON triage_ruleset;
DROP TRIGGER question_is_frozen ON triage_question;
DROP TRIGGER rule_is_frozen ON triage_rule;
DROP TRIGGER target_is_frozen ON triage_target;
DROP TRIGGER fallback_is_frozen ON triage_fallbackstep;
DROP TRIGGER decision_is_append_only ON triage_decision;
DROP TRIGGER shadow_is_append_only ON triage_shadowdecision;
DROP FUNCTION rule_set_part_is_frozen();
DROP FUNCTION rule_set_is_frozen();
DROP FUNCTION decision_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[Any]] = [("triage", "0002_rule_set_lifecycle")]
    operations: ClassVar[list[Any]] = [migrations.RunSQL(FREEZE, THAW)]
