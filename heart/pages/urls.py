from django.urls import path

from heart.pages import incident_urls, paper_urls, stage_urls
from heart.pages.commandline import urls as commandline
from heart.pages.views import alerts, board, call, handover, home, intake, triage

CALL = "calls/<str:number>/"

urlpatterns = [
    *stage_urls.urlpatterns,
    *incident_urls.urlpatterns,
    *paper_urls.urlpatterns,
    *commandline.urlpatterns,
    path("", home.home, name="home"),
    path("alerts/", alerts.strip, name="alerts"),
    path("alerts/changes/", alerts.changes, name="alerts-changes"),
    path("alerts/<int:pk>/acknowledgement/", alerts.acknowledge, name="alert-acknowledge"),
    path("alerts/<int:pk>/end/", alerts.end, name="alert-end"),
    path("alerts/<int:pk>/well/", alerts.check_in, name="alert-well"),
    path("alerts/<int:pk>/contact/", alerts.recontacted, name="alert-contact"),
    path("handover/", handover.handover, name="handover"),
    path("board/", board.board, name="board"),
    path("board/changes/", board.changes, name="board-changes"),
    path("board/rows/", board.rows, name="board-rows"),
    path("board/<str:name>/", board.panel, name="board-panel"),
    path("calls/new/", intake.new, name="call-new"),
    path("calls/", intake.begin, name="call-begin"),
    path(CALL, call.page, name="call"),
    path(f"{CALL}changes/", call.changes, name="call-changes"),
    path(f"{CALL}parts/", call.parts, name="call-parts"),
    path(f"{CALL}intake/", intake.form, name="call-intake"),
    path(f"{CALL}fields/", intake.keep, name="call-keep"),
    path(f"{CALL}release/", intake.release, name="call-release"),
    path(f"{CALL}notes/", call.note, name="call-note"),
    path(f"{CALL}clinical/", call.clinical, name="call-clinical"),
    path(f"{CALL}clinical/new/", call.clinical_note, name="call-clinical-note"),
    path(f"{CALL}raising/", triage.raise_level, name="call-raise"),
    path(f"{CALL}route/", triage.choose_route, name="call-route"),
    path(f"{CALL}line-lost/", triage.line_lost, name="call-line-lost"),
    path(f"{CALL}lowering/", triage.ask_lowering, name="call-ask-lowering"),
    path(f"{CALL}lowering/<int:pk>/agreement/", triage.agree, name="call-agree"),
    path(f"{CALL}lowering/<int:pk>/refusal/", triage.refuse, name="call-refuse"),
    path(f"{CALL}runs/", call.assign, name="call-assign"),
    path(f"{CALL}runs/<int:pk>/clearing-up/", call.clear, name="run-clear"),
    path(f"{CALL}runs/<int:pk>/cancellation/", call.cancel, name="run-cancel"),
    path(f"{CALL}runs/<int:pk>/backup/<str:agency>/", call.backup, name="run-backup"),
    path(f"{CALL}runs/<int:pk>/<str:move>/", call.move, name="run-move"),
    path(f"{CALL}backups/<int:pk>/arrival/", call.backup_arrived, name="backup-arrived"),
    path(f"{CALL}handoffs/", call.hand_off, name="call-hand-off"),
    path(f"{CALL}handoffs/<int:pk>/confirmation/", call.confirm_handoff, name="handoff-confirm"),
    path(f"{CALL}closing/", call.close, name="call-close"),
    path(f"{CALL}reopening/", call.reopen, name="call-reopen"),
    path("units/<str:code>/service/<str:state>/", board.unit_service, name="unit-service"),
]
