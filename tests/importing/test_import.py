"""Row by row: what was kept, changed, refused and why; nothing lost, nothing guessed, nothing twice."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heart.history.models import ImportedCall
from heart.journal.models import Entry
from intake.models import Beat, Call
from tests.importing.conftest import Load
from tests.importing.exports import row, text, write_mapping, write_profile
from triage.models import Eligibility


def reason(told: dict[int, tuple[str, str]], line: int) -> str:
    outcome, words = told[line]
    assert outcome == "refused"
    return words


def folder(parent: Path) -> Path:
    """A folder of one's own, beside the files of the fixture."""
    own = parent / "own"
    own.mkdir()
    return own


def test_row_becomes_a_closed_call_that_was_never_triaged(load: Load) -> None:
    Beat.objects.create(code="T1", name="T1", south=35.9, north=36, west=-79, east=-78.8)

    told = load(row())

    call = Call.objects.get()
    assert told.rows == {2: ("imported", "")}
    assert (call.status, call.source, call.external_ref) == ("closed", "import", "town:A1")
    assert call.number.startswith("24-")
    assert call.received_at.isoformat() == "2024-05-01T14:00:00+00:00"
    assert call.closed_at is not None
    assert call.closed_at.isoformat() == "2024-05-01T14:40:00+00:00"
    assert (call.latitude, call.longitude, call.location_text) == (35.99, -78.9, "100 BLOCK ELM")
    assert call.beat is not None
    assert call.beat.code == "T1"
    assert call.nature is not None
    assert call.nature.code == "TRESPASS"
    assert call.narrative == "UNWANTED; priority 3; gone on arrival"
    assert call.eligibility.state == Eligibility.State.NOT_TRIAGED
    entry = Entry.objects.get(call_id=call.pk)
    assert (entry.verb, entry.happened_at) == ("call.imported", call.received_at)
    assert entry.payload == {"effects": [[f"call:{call.pk}", "born", "closed"]]}


def test_codes_and_times_of_the_city_are_kept_beside_the_call(load: Load) -> None:
    load(row(How="SELF"))

    kept = ImportedCall.objects.get()
    assert kept.profile == "town"
    assert (kept.local_nature, kept.apco_code) == ("UNWANTED", "TRESPASS")
    assert (kept.local_priority, kept.disposition) == ("3", "gone on arrival")
    assert kept.is_officer_initiated
    assert kept.times["arrived"] == "2024-05-01T14:12:00+00:00"
    assert kept.details == {"District": "D1"}


def test_tier_and_hour_of_the_city_are_kept_for_the_replay(load: Load, tmp_path: Path) -> None:
    mapping = write_mapping(folder(tmp_path), "local_code,nature,tier\nUNWANTED,TRESPASS,core\n")

    load(row(), mapping=mapping)

    kept = ImportedCall.objects.get()
    assert (kept.tier, kept.local_hour, kept.shows_police) == ("core", 10, None)


def test_police_were_sent_only_when_the_whole_condition_holds(load: Load, tmp_path: Path) -> None:
    shows = {"where": [{"column": "District", "values": ["D1"]}], "times": ["arrived"]}
    profile = write_profile(folder(tmp_path), police_response=shows)

    load(row(), row(Nr="A2", Arrived=""), row(Nr="A3", District="D2"), profile=profile)

    found = ImportedCall.objects.order_by("call_id").values_list("shows_police", flat=True)
    assert list(found) == [True, False, False]


def test_running_again_changes_nothing(load: Load) -> None:
    load(row(), row(Nr="A2"))
    before = Entry.objects.count()

    told = load(row(), row(Nr="A2"), row(Nr="A3"))

    assert [outcome for outcome, _ in told.rows.values()] == ["already there"] * 2 + ["imported"]
    assert Call.objects.count() == 3
    assert Entry.objects.count() == before + 1
    assert "3 rows read = 1 imported + 2 already there + 0 refused" in told.out


def test_row_that_differs_from_what_was_imported_is_named_and_not_taken_over(load: Load) -> None:
    load(row())

    told = load(row(End="arrest"))

    assert told.rows[2] == (
        "already there",
        "the row differs from what was imported: kept as it was",
    )
    assert ImportedCall.objects.get().disposition == "gone on arrival"


def test_dry_run_stores_nothing_and_counts_the_same(load: Load) -> None:
    told = load(row(), row(Nr=""), dry_run=True)

    assert "2 rows read = 1 would be imported + 0 already there + 1 refused" in told.out
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Nr": ""}, "Nr is blank"),
        ({"Nr": "x" * 71}, "Nr is longer than 70"),
        ({"Came_in": ""}, "Came in is blank"),
        ({"Came_in": "yesterday"}, "Came in 'yesterday' is no time like iso, %m/%d/%Y"),
        ({"Came_in": "2024-05-01"}, "is no time like"),
        ({"Came_in": "2190-01-01 00:00:00"}, "is in the future"),
        ({"Place": "\x00"}, "has bytes that are not text"),
        ({"Place": "\udcff"}, "has bytes that are not text"),
    ],
)
def test_row_that_cannot_be_a_call_is_refused_in_words(
    load: Load, cells: dict[str, str], words: str
) -> None:
    told = load(row(**cells), row(Nr="A2"))

    assert words in reason(told.rows, 2)
    assert told.rows[3] == ("imported", "")
    assert f"line 2: refused: {told.rows[2][1]}" in told.out


def test_broken_csv_is_refused_with_its_lines_and_stops_nothing(load: Load) -> None:
    told = load("too;few", '"open" quote;x', row(), "", '"never closed')

    assert reason(told.rows, 2) == "has 2 cells where the header has 13"
    assert "is not CSV" in reason(told.rows, 3)
    assert told.rows[4] == ("imported", "")
    assert "is not CSV" in reason(told.rows, 6)
    assert "4 rows read = 1 imported + 0 already there + 3 refused" in told.out


def test_number_that_comes_twice_is_refused_with_the_line_of_the_first(load: Load) -> None:
    told = load(row(), row(), row(End="arrest"))

    assert reason(told.rows, 3) == "repeats line 2 word for word"
    assert reason(told.rows, 4) == "has the number of line 2, but other content"
    assert load(row(), row(), row(End="arrest")).rows.keys() == told.rows.keys()


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ("", "", "blank"),
        ("35.9", "", "not two numbers"),
        ("N/A", "-78", "not two numbers"),
        ("91", "-78", "outside latitude 90 and longitude 180"),
        ("0", "0", "0, 0 is a placeholder"),
        ("12.98", "77.6", "far outside the city"),
    ],
)
def test_unusable_coordinates_are_left_out_and_the_call_is_kept(
    load: Load, lat: str, lon: str, words: str
) -> None:
    told = load(row(Lat=lat, Lon=lon))

    assert told.rows == {2: ("imported", f"coordinates: {words}, left out")}
    assert (Call.objects.get().latitude, Call.objects.get().beat) == (None, None)
    kept = ImportedCall.objects.get()
    assert (kept.details.get("Lat", ""), kept.details.get("Lon", "")) == (lat, lon)
    assert f"1  coordinates: {words}, left out" in told.out


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Kind": "FLYING SAUCER"}, "nature: not in the mapping, OTHER"),
        ({"Kind": ""}, "nature: blank, OTHER"),
        ({"Arrived": "soon"}, "arrived: not a time, left out"),
        ({"Arrived": "2024-05-01 11:00:00"}, "cleared: before arrived, kept as it is"),
        ({"Cleared": ""}, "closed: no time, taken as closed when received"),
        (
            {"Arrived": "", "Cleared": "2024-05-01 09:00:00"},
            "closed: before the call was received, not used",
        ),
        ({"Place": "x" * 301}, "Place: longer than 300 characters, cut"),
        (
            {"Came_in": "2024-03-10 02:30:00"},
            "received: did not exist on that day (clock change): read as an hour later",
        ),
        (
            {"Came_in": "2023-11-05 01:30:00"},
            "received: happened twice on that day (clock change): the first one was taken",
        ),
    ],
)
def test_what_was_changed_is_said_for_the_row(
    load: Load, cells: dict[str, str], words: str
) -> None:
    told = load(row(**cells))

    assert told.rows == {2: ("imported", words)}
    assert ImportedCall.objects.get().changes == [words]


def test_mapping_chooses_by_dataset_and_then_by_code_alone(load: Load) -> None:
    load(row(), row(Nr="A2", District="D2"), row(Nr="A3", Kind="CHECK"))

    codes = Call.objects.order_by("external_ref").values_list("nature__code", flat=True)
    assert list(codes) == ["TRESPASS", "OTHER", "WELFNON"]


def test_without_a_mapping_every_nature_is_other_and_the_local_code_is_kept(load: Load) -> None:
    told = load(row(), mapping=None)

    assert told.rows == {2: ("imported", "")}
    assert Call.objects.get().nature.code == "OTHER"  # type: ignore[union-attr]
    assert ImportedCall.objects.get().local_nature == "UNWANTED"
    assert "no mapping was given" in told.out


def test_refused_rows_are_written_so_that_no_spreadsheet_runs_them(
    load: Load, tmp_path: Path
) -> None:
    refused = tmp_path / "refused.csv"

    load(row(Nr="=1+1", Came_in=""), row(Nr="A2"), refused=refused)

    assert refused.read_text().splitlines() == [
        "line,number,outcome,reason",
        "2,'=1+1,refused,Came in is blank: a call without a time cannot be placed",
    ]


def test_columns_nobody_named_are_said(load: Load) -> None:
    assert "columns that the profile does not name: Weather" in load(row()).out


def test_file_without_a_named_column_is_refused_as_a_whole(tmp_path: Path, db: None) -> None:
    file = tmp_path / "export.csv"
    file.write_text("Nr;Kind\n1;x\n")

    with pytest.raises(CommandError, match="expects columns that are not there: Arrived, Came in"):
        call_command("import_calls", file, profile=str(write_profile(tmp_path)))


def test_number_of_queries_is_the_same_for_3_and_for_300_rows(load: Load) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        load(*(row(Nr=f"A{n}") for n in range(3)))
    with CaptureQueriesContext(connection) as many:
        load(*(row(Nr=f"B{n}") for n in range(300)))

    assert len(many) == len(few)


def test_other_encoding_is_read_as_the_profile_says(tmp_path: Path, db: None) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(text(row(Place="Peña Blvd")).encode("latin-1"))

    profile = write_profile(tmp_path, encoding="latin-1")
    call_command("import_calls", file, profile=str(profile), verbosity=0)

    assert Call.objects.get().location_text == "Peña Blvd"
