"""The screens of one duty: clinician desk, teams' phones, follow-up worklist, supervisor; the rules."""

from django.urls import path

from heart.pages import map_urls, team_urls
from heart.pages.views import desk, rules, supervise, worklist

urlpatterns = [
    path("desk/", desk.page, name="desk"),
    path("desk/changes/", desk.changes, name="desk-changes"),
    path("desk/mine/", desk.mine, name="desk-mine"),
    path("desk/record/<int:pk>/", desk.record, name="desk-record"),
    path("desk/consults/<int:pk>/acceptance/", desk.accept, name="desk-accept"),
    path("desk/consults/<int:pk>/end/", desk.end, name="desk-end"),
    path("desk/calls/<str:number>/help/", desk.send_help, name="desk-help"),
    path("desk/calls/<str:number>/clinical/", desk.clinical_note, name="desk-clinical-note"),
    path("desk/calls/<str:number>/clinical/all/", desk.clinical, name="desk-clinical"),
    path("desk/calls/<str:number>/closing/", desk.close, name="desk-close"),
    path("desk/lowering/<int:pk>/agreement/", desk.agree, name="desk-agree"),
    path("desk/lowering/<int:pk>/refusal/", desk.disagree, name="desk-refuse"),
    *map_urls.urlpatterns,
    *team_urls.urlpatterns,
    path("worklist/", worklist.page, name="worklist"),
    path("worklist/changes/", worklist.changes, name="worklist-changes"),
    path("worklist/<int:pk>/", worklist.followup, name="worklist-followup"),
    path("worklist/<int:pk>/live/", worklist.live, name="worklist-live"),
    path("worklist/<int:pk>/clinical/", worklist.clinical, name="worklist-clinical"),
    path("worklist/<int:pk>/owner/", worklist.take, name="worklist-take"),
    path("worklist/<int:pk>/attempts/", worklist.attempt, name="worklist-attempt"),
    path("worklist/<int:pk>/closure/", worklist.close, name="worklist-close"),
    path("worklist/notices/<int:pk>/seen/", worklist.seen, name="worklist-seen"),
    path("rules/", rules.page, name="rules"),
    path("rules/<int:version>/", rules.page, name="rules-version"),
    path(
        "rules/<int:version>/heart-rules-<int:number>-<str:language>.pdf",
        rules.pdf,
        name="rules-pdf",
    ),
    path("supervise/", supervise.page, name="supervise"),
]
