"""The board on paper before it is needed: written to a folder every few minutes, the newest kept.

When the database is away nothing is written and nothing is removed: the last sheet is what there is.
"""

import logging
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from heart.journal.actor import Actor
from heart.paper.board import board_pdf, board_sheet
from heart.paper.models import RollingPrint

log = logging.getLogger(__name__)
KEPT = 8
AGAIN_AFTER_FAULT = timedelta(minutes=1)


def write_board(*, limit: int, by: Actor) -> int:
    """Sweep: write the board to the folder when it is due; a fault is kept, logged and tried again."""
    if not settings.HEART_PAPER_MINUTES or not limit:
        return 0
    now = timezone.now()
    RollingPrint.objects.get_or_create(pk=1, defaults={"due_at": now})
    row = RollingPrint.objects.filter(pk=1)
    # Claimed by itself: a transaction that stays open while the sheet is set holds up every screen.
    if not row.filter(due_at__lte=now).update(due_at=now + AGAIN_AFTER_FAULT, tried_at=now):
        return 0
    try:
        _write(Path(settings.HEART_PAPER_DIR), board_pdf(board_sheet(printed_by=by.name)), now)
    except OSError as fault:
        log.exception("the board could not be written to paper")
        row.update(fault=(fault.strerror or type(fault).__name__)[:200])
        return 0
    due_at = now + timedelta(minutes=settings.HEART_PAPER_MINUTES)
    row.update(written_at=now, due_at=due_at, fault="")
    return 1


def last_print() -> RollingPrint | None:
    """When the board was last written and what the last try failed of; None before the first."""
    return RollingPrint.objects.first()


def _write(folder: Path, pdf: bytes, at: datetime) -> None:
    """A sheet appears whole or not at all, for the account of the console alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sheet = folder / f"board-{at:%Y%m%dT%H%M%SZ}.pdf"
    unfinished = sheet.with_suffix(".part")
    try:
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(sheet)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    for old in sorted(folder.glob("board-*.pdf"))[:-KEPT]:
        old.unlink(missing_ok=True)
