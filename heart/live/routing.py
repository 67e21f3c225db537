"""The addresses of the sockets; every one of them takes ``?after=CURSOR``."""

from channels.routing import URLRouter
from django.urls import re_path

from heart.live.audiences import Kind
from heart.live.consumer import ScreenConsumer

ADDRESSES = {
    Kind.BOARD: r"^ws/board/$",
    Kind.DESK: r"^ws/desk/$",
    Kind.WORKLIST: r"^ws/worklist/$",
    Kind.ALERTS: r"^ws/alerts/$",
    Kind.CALL: r"^ws/calls/(?P<name>[0-9A-Za-z-]{1,20})/$",
    Kind.UNIT: r"^ws/units/(?P<name>[0-9A-Za-z-]{1,20})/$",
}

sockets = URLRouter(
    [re_path(address, ScreenConsumer.as_asgi(kind=kind)) for kind, address in ADDRESSES.items()]
    + [re_path("", ScreenConsumer.as_asgi())]  # any other address is refused
)
