"""The front page sends each person to the place of their duty, who works at the board to a position first."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from heart.desks.seats import has_chosen, has_positions
from heart.roles import Role, public

PLACE = {
    Role.CALL_TAKER: "/board/",
    Role.DISPATCHER: "/board/",
    Role.SUPERVISOR: "/board/",
    Role.CLINICIAN: "/desk/",
    Role.TEAM_MEMBER: "/team/",
    Role.CARE_NAVIGATOR: "/worklist/",
    Role.ADMINISTRATOR: "/admin/",
}


@public("sends nobody to the sign-in page and everybody else to their own place")
def home(request: HttpRequest) -> HttpResponseBase:
    user: Any = request.user
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    place = PLACE[Role(user.role)]
    if place == "/board/" and not has_chosen(request) and has_positions():
        return redirect("positions")
    return redirect(place)
