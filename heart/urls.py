"""The whole address map."""

from django.contrib import admin
from django.urls import include, path

from heart.clock import health
from heart.pages import api, api_rules

urlpatterns = [
    # people
    path("", include("heart.accounts.urls")),
    path("", include("heart.desks.urls")),
    # screens: home, board, call, intake form, desk, teams' phones, worklist, supervisor
    path("", include("heart.pages.urls")),
    # other systems
    path("api/v1/calls/", api.CallsView.as_view(), name="api-calls"),
    path("api/v1/calls/<str:number>/", api.CallView.as_view(), name="api-call"),
    path("api/v1/triage/evaluate/", api.EvaluateView.as_view(), name="api-evaluate"),
    path("api/v1/rule-sets/", api_rules.RuleSetsView.as_view(), name="api-rule-sets"),
    path("api/v1/rule-sets/<int:version>/", api_rules.RuleSetView.as_view(), name="api-rule-set"),
    path("api/v1/board/", api.BoardView.as_view(), name="api-board"),
    path("api/v1/board/changes/", api.BoardChangesView.as_view(), name="api-board-changes"),
    path("api/v1/", include("heart.pages.api_actions.urls")),
    path("api/v1/", include("heart.eido.urls")),
    path("api/v1/", include("heart.api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # the supervisor's panel
    path("admin/", admin.site.urls),
]

handler500 = "heart.middleware.server_error"
