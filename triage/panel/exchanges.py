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
from triage import protocol_files, rule_set_actions
from triage.exchange import csv_file, json_file
from triage.models import RuleSet
from triage.panel import frame
from triage.panel.versions import versions_page
from triage.protocol_files import ProtocolFault, ProtocolFiles
from triage.queries import protocol_rows, rows_of


@frame.guarded(Permission.ADMINISTER)
@require_GET
def export_json(request: HttpRequest, version: int) -> HttpResponse:
    """The whole version as one file."""
    frame.version_of(version)
    answer = HttpResponse(
        json_file.written(protocol_rows(version)), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="rules-{version}.json"'
    return answer


@frame.guarded(Permission.ADMINISTER)
@require_GET
def export_csv(request: HttpRequest, version: int) -> HttpResponse:
    """The table of the version, for a spreadsheet."""
    frame.version_of(version)
    body = csv_file.encoded(protocol_rows(version))
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rules-{version}.csv"'
    return answer


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Make a draft of a file; one that cannot be used says where, and nothing is saved."""
    try:
        files = _read(request.FILES.get("file"), request.POST.get("base", ""))
        made = rule_set_actions.import_rule_set(files=files, by=frame.actor(request))
    except ProtocolFault as fault:
        return versions_page(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(fault))
    except Refused as refused:
        problem = "; ".join(refused.problems.values())
        return versions_page(request, HTTPStatus.UNPROCESSABLE_ENTITY, problem=problem)
    messages.success(request, f"Version {made.version} is a draft: {made.title}.")
    return redirect(frame.address("version", made.version))


def _read(upload: "UploadedFile[bytes] | None", base: str) -> ProtocolFiles:
    """A whole version as JSON, or a table as CSV that takes the place of the one of ``base``."""
    if upload is None:
        raise ProtocolFault("file", "", "choose one first")
    name = Path(upload.name or "").name[:80] or "file"
    body = upload.read(json_file.LARGEST + 1)
    if name.lower().endswith(".csv"):
        return csv_file.parsed(body, _base(base), name)
    natures = list(Nature.objects.values(*protocol_files.COLUMNS["natures"]))
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(body)
        return json_file.read(file, natures)


def _base(version: str) -> ProtocolFiles:
    """The version whose questions and targets a table of a spreadsheet is read beside."""
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 7 else 0
    row = RuleSet.objects.filter(version=number).first()
    if row is None:
        raise ProtocolFault("base", "", "choose the version that a CSV file belongs to")
    return rows_of(row)
