"""Addresses of one incident: two calls made one, what is known from before, who else is here."""

from django.urls import path

from heart.pages.views import known, merging, presence

CALL = "calls/<str:number>/"

urlpatterns = [
    path(f"{CALL}merge/", merging.both, name="call-merge"),
    path(f"{CALL}history/", known.before, name="call-history"),
    path(f"{CALL}neighbors/", known.neighbors, name="call-neighbors"),
    path(f"{CALL}about/", known.about, name="call-about"),
    path(f"{CALL}about/new/", known.new_neighbor, name="call-new-neighbor"),
    path(f"{CALL}care-plan/", known.care_plan, name="call-care-plan"),
    path(f"{CALL}care-plan/new/", known.new_care_plan, name="call-new-care-plan"),
    path(f"{CALL}premise-notes/", known.premise_note, name="call-premise-note"),
    path(
        f"{CALL}premise-notes/<int:pk>/withdrawal/",
        known.withdraw_premise_note,
        name="premise-note-withdraw",
    ),
    path(f"{CALL}presence/", presence.here, name="call-presence"),
]
