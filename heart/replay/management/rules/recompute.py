"""``rules recompute``: every stored decision is made again by its own version from what is stored."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from heart.replay.management.rules.terminal import BROKEN
from triage.models import Decision
from triage.queries import decided_again

SHOWN = 20


def add_arguments(recompute: CommandParser) -> None:
    recompute.add_argument("--from", dest="begin", type=date.fromisoformat, metavar="DATE")
    recompute.add_argument("--to", dest="end", type=date.fromisoformat, metavar="DATE")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    decisions = Decision.objects.filter(source=Decision.Source.RULES).exclude(said={})
    if options["begin"]:
        decisions = decisions.filter(decided_at__date__gte=options["begin"])
    if options["end"]:
        decisions = decisions.filter(decided_at__date__lte=options["end"])
    count, others = 0, []
    for decision in decisions.order_by("id").iterator(chunk_size=500):
        count += 1
        if decided_again(decision) != decision.said:
            others.append(decision.pk)
    if others:
        named = ", ".join(map(str, others[:SHOWN]))
        raise CommandError(
            f"{len(others)} of {count} decisions come out otherwise: {named}", returncode=BROKEN
        )
    command.stdout.write(f"{count} decisions come out as they were stored.")
