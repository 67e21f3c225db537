"""Paper: what is printed before it is needed, and the way back into the console."""

from django.urls import path

from heart.pages.views import paper

urlpatterns = [
    path("paper/", paper.page, name="paper"),
    path("paper/board.pdf", paper.board, name="paper-board"),
    path("paper/cards.pdf", paper.cards, name="paper-cards"),
    path("paper/catch-up/", paper.catch_up, name="paper-catch-up"),
]
