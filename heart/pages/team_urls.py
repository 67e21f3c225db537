"""The phone of a team: its page, and the presses on it."""

from django.urls import path, re_path

from heart.pages.views import team

TEAM = "team/<str:code>/"

urlpatterns = [
    path("team/", team.own, name="team-own"),
    path(TEAM, team.page, name="team"),
    path(f"{TEAM}changes/", team.changes, name="team-changes"),
    path(f"{TEAM}current/", team.current, name="team-current"),
    path(f"{TEAM}runs/<int:pk>/clear/", team.clear, name="team-clear"),
    path(f"{TEAM}runs/<int:pk>/backup/", team.backup, name="team-backup"),
    path(f"{TEAM}backups/<int:pk>/arrival/", team.backup_arrived, name="team-backup-arrived"),
    re_path(
        r"^team/(?P<code>[^/]+)/runs/(?P<pk>\d{1,18})/(?P<step>start|arrival|transport|clearing)/$",
        team.step,
        name="team-step",
    ),
    re_path(r"^team/(?P<code>[^/]+)/duty/(?P<state>in|out)/$", team.duty, name="team-duty"),
]
