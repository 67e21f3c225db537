"""The pages of the admin panel about replays and about the rules in use."""

from django.http import HttpRequest

from heart.replay.panel import pages, use
from heart.roles import Permission, allowed
from triage.panel.frame import View

PAGES: tuple[tuple[str, str, View], ...] = (
    ("start/", "replay_replay_start", pages.start),
    ("of-version/<int:version>/", "triage_ruleset_replay", pages.of_version),
    ("<int:pk>/", "replay_replay_replay", pages.replay),
    ("<int:pk>/progress/", "replay_replay_progress", pages.progress),
    ("<int:pk>/stop/", "replay_replay_stop", pages.stop),
    ("<int:pk>/calls/", "replay_replay_flips", pages.flips),
    ("<int:pk>/calls.csv", "replay_replay_flips_csv", pages.flips_csv),
    ("<int:pk>/<slug:name>.csv", "replay_replay_csv", pages.table_csv),
    ("in-use/", "replay_replay_in_use", use.in_use),
    ("in-use/<slug:name>.csv", "replay_replay_in_use_csv", use.table_csv),
)
"""Below /admin/replay/replay/: the address, its name in the admin site, the view."""


def may_replay(request: HttpRequest) -> bool:
    """Whether the panel shows its way to the replays."""
    return allowed(request.user, Permission.REPLAY_RULES)
