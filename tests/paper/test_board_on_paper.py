"""The board as PDF: on demand, and lying ready in a folder before anybody needs it."""

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispatch.states import RunStatus
from followup.states import FollowUpStatus
from heart.clock.sweeps import run_sweep
from heart.paper.board import board_pdf, board_sheet
from heart.paper.models import RollingPrint
from heart.paper.rolling import KEPT, last_print, write_board
from tests.builders import CLOCK, Given
from tests.rules.pdf_text import text_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.HEART_PAPER_DIR = str(tmp_path / "paper")
    return tmp_path / "paper"


def squeezed(text: str) -> str:
    return "".join(text.split())


def sheets(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_everything_the_room_needs_is_on_the_sheet(given: Given) -> None:
    followup = given.followup(due_in=timedelta(hours=20))
    later = given.followup(due_in=timedelta(hours=47), status=FollowUpStatus.REACHED)
    run = given.run(RunStatus.ON_SCENE)
    waiting = given.waiting_consult()
    untriaged = given.taking(location_text="Mill Lane 3")

    pdf = board_pdf(board_sheet(printed_by="Dev Marten"))

    told = text_of(pdf)
    for words in (
        *(run.call.number, "12 Thimble Street", "555-0142", "CRT1 on scene"),
        *(waiting.call.number, "waits for a clinician", "waiting, caller on the line"),
        *(untriaged.number, "Mill Lane 3", "not triaged", "being taken"),
        *(followup.call.number, "call, voicemail", "Dev Marten"),
        *("page1of1", "Health data"),
    ):
        assert squeezed(words) in told, words
    assert later.call.number not in told
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_calls_stand_highest_level_first_then_oldest(given: Given) -> None:
    low, high, unknown = given.call(), given.high_call(), given.taking()

    numbers = [line.number for line in board_sheet(printed_by="Dev").calls]

    assert numbers == [high.number, unknown.number, low.number]


def test_sheet_takes_as_many_queries_for_five_calls_as_for_one(given: Given) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            board_sheet(printed_by="Dev")
        return len(captured)

    given.waiting_consult()
    given.run(RunStatus.EN_ROUTE)
    few = queries()
    for _ in range(4):
        given.waiting_consult()
        given.call()

    assert queries() == few


def test_an_empty_board_says_so(given: Given) -> None:
    told = text_of(board_pdf(board_sheet(printed_by="Dev")))

    assert "Nocallisopen." in told


def test_board_is_written_for_the_console_alone(given: Given, folder: Path) -> None:
    call = given.call()

    assert write_board(limit=1, by=CLOCK) == 1

    (sheet,) = folder.iterdir()
    assert call.number in text_of(sheet.read_bytes())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    written = last_print()
    assert written is not None
    assert written.fault == ""


def test_board_is_written_when_it_is_due_and_not_before(given: Given, folder: Path) -> None:
    start = timezone.now()
    done = []
    for minutes in (0, 1, 14, 15, 16, 30):
        with time_machine.travel(start + minutes * MINUTE, tick=False):
            done.append(write_board(limit=1, by=CLOCK))

    assert done == [1, 0, 0, 1, 0, 1]
    assert len(sheets(folder)) == 3


def test_the_newest_are_kept(given: Given, folder: Path) -> None:
    start = timezone.now()
    for n in range(KEPT + 3):
        with time_machine.travel(start + 15 * n * MINUTE, tick=False):
            write_board(limit=1, by=CLOCK)
    newest = f"board-{start + 15 * (KEPT + 2) * MINUTE:%Y%m%dT%H%M%SZ}.pdf"

    assert len(sheets(folder)) == KEPT
    assert sheets(folder)[-1] == newest


def test_zero_minutes_write_nothing(given: Given, folder: Path, settings: Any) -> None:
    settings.HEART_PAPER_MINUTES = 0

    assert write_board(limit=1, by=CLOCK) == 0
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_logged_and_tried_again_in_a_minute(
    given: Given, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("in the way")

    assert write_board(limit=1, by=CLOCK) == 0

    failed = last_print()
    assert failed is not None
    assert (failed.written_at, failed.fault) == (None, "File exists")
    assert "the board could not be written to paper" in caplog.text
    assert write_board(limit=1, by=CLOCK) == 0  # not before the minute is over
    folder.unlink()
    with time_machine.travel(timezone.now() + MINUTE, tick=False):
        assert write_board(limit=1, by=CLOCK) == 1
    healed = last_print()
    assert healed is not None
    assert healed.fault == ""


def test_a_full_disk_leaves_the_sheets_that_are_there(
    given: Given, folder: Path, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    """/dev/full is a disk without room: whoever writes there is told so by the system itself."""
    write_board(limit=1, by=CLOCK)
    before = sheets(folder)
    later = timezone.now() + 15 * MINUTE
    (folder / f"board-{later:%Y%m%dT%H%M%SZ}.part").symlink_to("/dev/full")

    with time_machine.travel(later, tick=False):
        assert write_board(limit=1, by=CLOCK) == 0

    failed = last_print()
    assert failed is not None
    assert failed.fault == "No space left on device"
    assert sheets(folder) == before
    assert "No space left" in caplog.text


def test_the_clock_writes_without_celery(given: Given, folder: Path) -> None:
    RollingPrint.objects.all().delete()

    assert run_sweep("board_on_paper", by="clock") == 1
    assert len(sheets(folder)) == 1
