from django.urls import path

from heart.pages.commandline import views

urlpatterns = [
    path("command/", views.command, name="command"),
    path("command/complete/", views.complete, name="command-complete"),
    path("me/keys/", views.own_keys, name="own-keys"),
    path("cheat-sheet/", views.cheat_sheet, name="cheat-sheet"),
]
