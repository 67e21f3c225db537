"""How a REST command is read, done once, and answered."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from dispatch.steps import UnitTaken
from heart.accounts.models import User
from heart.api.idempotency import once
from heart.api.problems import Problem
from heart.journal.actor import Actor

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="the same key with the same body gets the same answer and is done once",
)
REFUSED = {
    404: OpenApiResponse(description="not there, or not yours to see"),
    409: OpenApiResponse(description="somebody was quicker, or the row has moved on"),
    422: OpenApiResponse(description="fields that cannot be accepted, each with its JSON pointer"),
}


def person(request: Request) -> User:
    """Who asks; every view of this package demands a permission."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - see above
    return user


def said(request: Request, shape: type[serializers.Serializer[None]]) -> dict[str, Any]:
    """The body as the shape describes it; every unknown or bad field is refused by its pointer."""
    data = request.data
    if not isinstance(data, dict):
        raise Problem(422, "invalid", "The body must be an object.", [_at("", "not an object")])
    read = shape(data=data)
    faults = [_at(f"/{key}", "unknown field") for key in data.keys() - read.fields.keys()]
    if not read.is_valid():
        faults += _faults(read.errors, "")
    if faults:
        raise Problem(422, "invalid", "Some fields cannot be accepted.", faults)
    values: dict[str, Any] = read.validated_data
    return values


def _faults(errors: Any, pointer: str) -> list[dict[str, str]]:
    if isinstance(errors, dict):
        steps = ((key, f"{pointer}/{key}") for key in errors)
        whole = api_settings.NON_FIELD_ERRORS_KEY
        return [
            fault
            for key, at in steps
            for fault in _faults(errors[key], pointer if key == whole else at)
        ]
    return [_at(pointer, str(error)) for error in errors]


def _at(pointer: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "detail": detail}


def answer(request: Request, do: Callable[[Actor], Any], *, status: int = 200) -> Response:
    """Do it once per Idempotency-Key; ``do`` gives the body. A unit that is taken names who won."""
    user = person(request)
    try:
        code, body = once(request, lambda: (status, do(user.actor("api"))))
    except UnitTaken as taken:
        raise Problem(409, "unit-taken", str(taken)) from None
    return Response(body, code)
