from django.urls import path

from heart.pages.api_actions import calls, desk, followups, merging, recommending, teams

CALL = "calls/<str:number>/"
RUN = "runs/<int:pk>/"
FOLLOWUP = "followups/<int:pk>/"

urlpatterns = [
    path(f"{CALL}notes/", calls.NotesView.as_view()),
    path(f"{CALL}release/", calls.ReleaseView.as_view()),
    path(f"{CALL}level/", calls.LevelView.as_view()),
    path(f"{CALL}route/", calls.RouteView.as_view()),
    path(f"{CALL}lowering/", calls.LoweringsView.as_view()),
    path(f"{CALL}line-lost/", calls.LineLostView.as_view()),
    path(f"{CALL}clinical-notes/", calls.ClinicalNotesView.as_view()),
    path(f"{CALL}recommendations/", recommending.RecommendationsView.as_view()),
    path(f"{CALL}assignments/", calls.AssignmentsView.as_view()),
    path(f"{CALL}backup/", teams.CallBackupView.as_view()),
    path(f"{CALL}handoffs/", calls.CallHandoffsView.as_view()),
    path(f"{CALL}merge/", merging.MergeView.as_view()),
    path(f"{CALL}close/", calls.ClosureView.as_view()),
    path(f"{CALL}reopening/", calls.ReopeningView.as_view()),
    path("lowering/<int:pk>/agreement/", calls.LoweringAgreementView.as_view()),
    path("lowering/<int:pk>/refusal/", calls.LoweringRefusalView.as_view()),
    path("handoffs/<int:pk>/confirmation/", calls.HandoffConfirmationView.as_view()),
    path("consults/", desk.ConsultsView.as_view()),
    path("consults/<int:pk>/acceptance/", desk.AcceptanceView.as_view()),
    path("consults/<int:pk>/end/", desk.EndView.as_view()),
    path("units/", teams.UnitsView.as_view()),
    path("units/<str:code>/status/", teams.StatusView.as_view()),
    path("alerts/", teams.AlertsView.as_view()),
    path("alerts/<int:pk>/acknowledgement/", teams.AlertAcknowledgementView.as_view()),
    path(f"{RUN}start/", teams.StartView.as_view()),
    path(f"{RUN}arrival/", teams.ArrivalView.as_view()),
    path(f"{RUN}transport/", teams.TransportView.as_view()),
    path(f"{RUN}clearing/", teams.ClearingView.as_view()),
    path(f"{RUN}clear/", teams.ClearView.as_view()),
    path(f"{RUN}cancel/", teams.CancelView.as_view()),
    path(f"{RUN}backup/", teams.RunBackupView.as_view()),
    path("backups/<int:pk>/arrival/", teams.BackupArrivalView.as_view()),
    path("followups/", followups.FollowUpsView.as_view()),
    path(FOLLOWUP, followups.FollowUpView.as_view()),
    path(f"{FOLLOWUP}owner/", followups.OwnerView.as_view()),
    path(f"{FOLLOWUP}attempts/", followups.AttemptsView.as_view()),
    path(f"{FOLLOWUP}closure/", followups.FollowUpClosureView.as_view()),
    path("notices/", followups.NoticesView.as_view()),
    path("notices/<int:pk>/seen/", followups.NoticeSeenView.as_view()),
]
