"""A version as a file, and a file as a draft."""

from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from heart.roles import Permission
from intake.models import Nature
from intake.steps import Refused
from triage import exchange, protocol_files, rule_set_actions
from triage.panel import frame
from triage.panel.versions import versions_page
from triage.protocol_files import ProtocolFault, ProtocolFiles
from triage.queries import protocol_rows


@frame.guarded(Permission.ADMINISTER)
@require_GET
def export_json(request: HttpRequest, version: int) -> HttpResponse:
    """The whole version as one file."""
    frame.version_of(version)
    answer = HttpResponse(
        exchange.written(protocol_rows(version)), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="rules-{version}.json"'
    return answer


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Make a draft of a file; one that cannot be used says where, and nothing is saved."""
    try:
        files = _read(request.FILES.get("file"))
        made = rule_set_actions.import_rule_set(files=files, by=frame.actor(request))
    except ProtocolFault as fault:
        return versions_page(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(fault))
    except Refused as refused:
        problem = "; ".join(refused.problems.values())
        return versions_page(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=problem)
    messages.success(request, f"Version {made.version} is a draft: {made.title}.")
    return redirect(frame.address("version", made.version))


def _read(upload: "UploadedFile[bytes] | None") -> ProtocolFiles:
    if upload is None:
        raise ProtocolFault("file", "", "choose one first")
    name = Path(upload.name or "").name[:80] or "file"
    natures = list(Nature.objects.values(*protocol_files.COLUMNS["natures"]))
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        with file.open("wb") as stream:
            for chunk in upload.chunks():
                stream.write(chunk)
                if stream.tell() > exchange.LARGEST:
                    break
        return exchange.read(file, natures)
