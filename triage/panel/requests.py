"""What the pages of the workshop send, read with suspicion, and the problem documents they get back."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse

from triage.editing import Fault
from triage.protocol_files import ProtocolFault


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent; ProtocolFault when it is none."""
    try:
        body = json.loads(request.body, parse_constant=_refuse)
    except RequestDataTooBig:
        raise ProtocolFault("", "", "is too large to be read") from None
    except (ValueError, RecursionError):
        raise ProtocolFault("", "", "cannot be read as JSON") from None
    if not isinstance(body, dict):
        raise ProtocolFault("", "", "must be an object")
    return body


def whole_number(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    if type(value) is not int or not 0 <= value < 2**31:
        raise ProtocolFault("", f"/{name}", "must be a whole number")
    return value


def of(fault: ProtocolFault, part: str = "", row: str = "") -> Fault:
    """A fault of an edit, at the row that it concerns."""
    return Fault(part or fault.file, row, fault.pointer, fault.message)


def problem(
    status: HTTPStatus, detail: str, faults: Iterable[Fault] = (), **more: Any
) -> JsonResponse:
    """Why nothing was changed, with a pointer to every place that is wrong."""
    body = {
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "errors": told(faults),
        **more,
    }
    return JsonResponse(body, status=status.value, content_type="application/problem+json")


def told(faults: Iterable[Fault]) -> list[dict[str, str]]:
    return [
        {"part": f.part, "row": f.row, "pointer": f.pointer, "detail": f.message} for f in faults
    ]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
