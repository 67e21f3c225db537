"""Killed in the middle or run twice at once, the import ends with every row exactly once."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from heart.history import profiles
from heart.history.reader import records
from heart.history.report import Report
from heart.history.rows import Builder, RowRefused
from heart.journal.models import Entry
from intake.models import Call
from tests.importing.exports import row, text, write_profile

ROWS = 6000


def big_export(folder: Path) -> Path:
    file = folder / "export.csv"
    file.write_text(text(*(row(Nr=f"N{n}") for n in range(ROWS))))
    return file


@pytest.mark.django_db(transaction=True)
def test_kill_9_leaves_whole_batches_and_the_next_run_the_rest(tmp_path: Path) -> None:
    file, profile = big_export(tmp_path), write_profile(tmp_path)
    url = connection.settings_dict
    env = os.environ | {
        "DATABASE_URL": f"postgres://{url['USER']}:{url['PASSWORD']}@{url['HOST']}:{url['PORT']}/{url['NAME']}"
    }
    command = [sys.executable, "manage.py", "import_calls", str(file), "--profile", str(profile)]
    process = subprocess.Popen(
        command, cwd=Path(__file__).parents[2], env=env, stdout=subprocess.DEVNULL
    )
    limit = time.monotonic() + 60
    while Call.objects.count() < 500 and time.monotonic() < limit:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = Call.objects.count()

    call_command("import_calls", file, profile=str(profile), verbosity=0)

    assert 0 < done < ROWS
    assert done % 500 == 0
    assert Call.objects.count() == ROWS
    assert Entry.objects.filter(verb="call.imported").count() == ROWS


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_import_every_row_once(tmp_path: Path) -> None:
    file, profile = big_export(tmp_path), write_profile(tmp_path)
    faults: list[BaseException] = []

    def run() -> None:
        try:
            call_command("import_calls", file, profile=str(profile), verbosity=0)
        except BaseException as fault:  # noqa: BLE001 - shown by the assertion
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert Call.objects.count() == ROWS
    assert Entry.objects.filter(verb="call.imported").count() == ROWS


@settings(max_examples=150, deadline=None)
@given(body=st.text(alphabet=st.sampled_from(';"\n\rA1, \x00é\ufeff'), max_size=120))
def test_any_text_after_the_header_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, body: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    profile = profiles.load(str(write_profile(folder)))
    file = folder / "export.csv"
    file.write_bytes((text() + body).encode())
    builder = Builder(profile, {})

    with Report(lambda _: None) as report:
        for record in records(file, profile):
            try:
                builder.build(record)
            except RowRefused as refused:
                report.refused(record.line, "", str(refused))
