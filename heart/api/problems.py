"""Errors as RFC 9457 problem documents, with a JSON pointer for every bad field."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from heart.moves import MoveRefused

TYPE = "urn:heart-console:problem:{}"


class Problem(exceptions.APIException):
    """A refusal with its status, a short code for machines, and pointers to what was wrong."""

    def __init__(
        self, status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(detail, code)
        self.words, self.code = detail, code
        self.status_code = status
        self.errors = errors or []


def problem(status: int, code: str, detail: str, errors: list[dict[str, str]]) -> Response:
    """The response itself; ``errors`` have ``pointer`` and ``detail``."""
    body: dict[str, Any] = {
        "type": TYPE.format(code),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type="application/problem+json")


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; what nobody expected stays a 500."""
    if isinstance(error, Problem):
        return problem(error.status_code, error.code, error.words, error.errors)
    if isinstance(error, MoveRefused):
        return problem(409, "move-refused", str(error), [])
    if problems := getattr(error, "problems", None):
        errors = [
            {"pointer": "/" + name.strip("/"), "detail": words} for name, words in problems.items()
        ]
        return problem(422, "invalid", "Some fields cannot be accepted.", errors)
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return problem(404, "not-found", "There is no such thing, or it is not yours to see.", [])
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", str(error) or "Your role may not do this.", [])
    if isinstance(error, exceptions.APIException):
        detail = error.detail if isinstance(error.detail, str) else "The request is not valid."
        response = problem(error.status_code, str(error.default_code), str(detail), [])
        if auth_header := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = auth_header
        return response
    return None
