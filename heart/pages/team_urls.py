"""The phone of a team: its page, the presses on it, and what lets it work without a signal."""

from django.urls import path, re_path

from heart.pages.views import phone, team

TEAM = "team/<str:code>/"
OF_TEAM = r"^team/(?P<code>[^/]+)/"
STEPS = "acknowledgement|start|arrival|transport|clearing|check"

urlpatterns = [
    path("team/", team.own, name="team-own"),
    path("team/sw.js", phone.worker, name="team-worker"),
    path("team/manifest.webmanifest", phone.manifest, name="team-manifest"),
    path("team/shell/", phone.shell, name="team-shell"),
    path(TEAM, team.page, name="team"),
    path(f"{TEAM}changes/", team.changes, name="team-changes"),
    path(f"{TEAM}current/", team.current, name="team-current"),
    path(f"{TEAM}sign-on/", phone.sign_on, name="team-sign-on"),
    path(f"{TEAM}sign-off/", phone.sign_off, name="team-sign-off"),
    path(f"{TEAM}position/", phone.position, name="team-position"),
    path(f"{TEAM}contact/", phone.contact, name="team-contact"),
    path(f"{TEAM}neighbors/", phone.neighbors, name="team-neighbors"),
    path(f"{TEAM}push/", phone.subscribe, name="team-push"),
    path(f"{TEAM}push/end/", phone.unsubscribe, name="team-push-end"),
    path(f"{TEAM}panic/", team.panic, name="team-panic"),
    path(f"{TEAM}runs/<int:pk>/clear/", team.clear, name="team-clear"),
    path(f"{TEAM}runs/<int:pk>/backup/", team.backup, name="team-backup"),
    re_path(
        OF_TEAM + r"backups/(?P<pk>\d{1,18})/(?P<move>arrival|end)/$",
        team.backup_move,
        name="team-backup-move",
    ),
    re_path(
        OF_TEAM + rf"runs/(?P<pk>\d{{1,18}})/(?P<step>{STEPS})/$", team.step, name="team-step"
    ),
    re_path(OF_TEAM + r"duty/(?P<state>in|out)/$", team.duty, name="team-duty"),
]
