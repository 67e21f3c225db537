"""The front page sends each person to the place of their duty."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

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
    return redirect(PLACE[Role(user.role)])
