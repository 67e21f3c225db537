"""How many units are planned for each hour of the day, to be held against what calls would need."""

from datetime import time

from dispatch.models import Unit, UnitHours

HOURS = range(24)
DAYS = 7


def planned() -> dict[str, list[float]]:
    """Units of each kind by hour of the day, as a mean over the week of their planned hours."""
    found = {kind: [0.0] * 24 for kind in Unit.Kind.values}
    for span in UnitHours.objects.filter(unit__is_active=True).select_related("unit"):
        for hour in HOURS:
            found[span.unit.kind][hour] += _covered(span.opens, span.closes, hour) / DAYS
    return {kind: [round(units, 3) for units in by_hour] for kind, by_hour in found.items()}


def _covered(opens: time, closes: time, hour: int) -> float:
    """How much of this hour of the day a span covers; one that passes midnight goes on in the morning."""
    begin, end = _hours(opens), _hours(closes)
    if end > begin:
        return max(0.0, min(end, hour + 1) - max(begin, hour))
    return max(0.0, hour + 1 - max(begin, hour)) + max(0.0, min(end, hour + 1) - hour)


def _hours(at: time) -> float:
    return at.hour + at.minute / 60 + at.second / 3600
