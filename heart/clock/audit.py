"""The promise auditor: asks whether what should have happened did happen, and repairs nothing.

It shares no code with the sweeps. Only when every check passes does it give its own sign of life.
"""

from django.db import connection

GRACE_SECONDS = 60

CHECKS = {
    "follow-ups past their first attempt that nobody was told about": """
        SELECT f.id FROM followup_followup f WHERE f.status = 'promised'
        AND f.attempt_due_at < clock_timestamp() - make_interval(secs => %s) LIMIT 20""",
    "follow-ups past their contact time that are not marked overdue": """
        SELECT f.id FROM followup_followup f WHERE f.status IN ('promised', 'due')
        AND f.due_at < clock_timestamp() - make_interval(secs => %s) LIMIT 20""",
    "due or overdue follow-ups without their notice": """
        SELECT f.id FROM followup_followup f WHERE f.status IN ('due', 'overdue')
        AND f.promised_at < clock_timestamp() - make_interval(secs => %s) AND NOT EXISTS
        (SELECT 1 FROM followup_notice n WHERE n.followup_id = f.id AND n.code = f.status)
        LIMIT 20""",
    "calls closed with consent that have no follow-up": """
        SELECT c.call_id FROM followup_consent c JOIN intake_call k ON k.id = c.call_id
        WHERE c.answer = 'yes' AND k.status = 'closed'
        AND c.recorded_at < clock_timestamp() - make_interval(secs => %s) AND NOT EXISTS
        (SELECT 1 FROM followup_followup f WHERE f.call_id = c.call_id
        AND (f.status <> 'closed' OR f.closed_at > c.recorded_at)) LIMIT 20""",
    "watches past their next rung that nobody was told about": """
        SELECT w.id FROM dispatch_watch w WHERE w.status <> 'ended'
        AND w.next_step_at < clock_timestamp() - make_interval(secs => %s) LIMIT 20""",
    "dispatched units that nobody waits to hear from": """
        SELECT r.id FROM dispatch_run r WHERE r.status = 'dispatched'
        AND r.acknowledged_at IS NULL
        AND r.dispatched_at < clock_timestamp() - make_interval(secs => %s) AND NOT EXISTS
        (SELECT 1 FROM dispatch_watch w WHERE w.run_id = r.id AND w.kind = 'acknowledgement')
        LIMIT 20""",
    "pages that the hook has not taken": """
        SELECT p.id FROM dispatch_page p WHERE p.sent_at IS NULL
        AND p.send_due_at < clock_timestamp() - make_interval(secs => %s) LIMIT 20""",
    "clarifying passes that are over but not ended": """
        SELECT a.id FROM triage_assessment a
        WHERE a.clarify_due_at < clock_timestamp() - make_interval(secs => %s) LIMIT 20""",
}


class PromiseBroken(Exception):
    """At least one check found rows; ``found`` maps the check to their ids."""

    def __init__(self, found: dict[str, list[int]]) -> None:
        super().__init__("; ".join(f"{check}: {ids}" for check, ids in found.items()))
        self.found = found


def audit() -> None:
    """Raise PromiseBroken when a promise was not kept and nobody noticed."""
    found: dict[str, list[int]] = {}
    with connection.cursor() as sql:
        for check, query in CHECKS.items():
            sql.execute(query, [GRACE_SECONDS])
            if ids := [row[0] for row in sql.fetchall()]:
                found[check] = ids
    if found:
        raise PromiseBroken(found)
