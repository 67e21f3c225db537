"""What the map is told: open calls and teams, in few queries, and the same in what is pushed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dispatch.models import Unit, UnitPosition
from dispatch.states import RunStatus
from heart.live.audiences import BOARD
from heart.live.registry import render
from heart.maps.models import Layer
from heart.pages.queries.map import call_points, unit_points
from tests.builders import Given
from tests.maps.files import feature, square
from tests.pages.screen import Screen
from tests.people import People

pytestmark = pytest.mark.django_db
HERE = {"latitude": 31.075, "longitude": -70.04}


def unit(code: str) -> dict[str, object]:
    return next(each for each in unit_points() if each["code"] == code)


def test_an_open_call_is_a_point_with_its_level_and_whether_a_team_is_on_it(given: Given) -> None:
    call = given.call(**HERE)
    [waiting] = call_points()

    given.run(RunStatus.EN_ROUTE, call=call)

    [point] = call_points()
    assert (waiting["id"], waiting["number"]) == (f"call-{call.pk}", call.number)
    assert (waiting["place"], waiting["level"], waiting["has_team"]) == (
        [31.075, -70.04],
        2,
        False,
    )
    assert point == {**waiting, "has_team": True}
    assert unit("CRT1")["number"] == call.number


def test_a_call_being_taken_has_no_level_and_one_without_a_place_is_still_told(
    given: Given,
) -> None:
    given.taking()

    [point] = call_points()

    assert (point["level"], point["place"]) == (None, None)
    assert point["words"].startswith("no nature yet")


def test_an_address_stays_as_it_was_typed_beside_its_coordinates(given: Given) -> None:
    call = given.call(location_text="ball field behind 12 Elm, NOT the park", **HERE)

    [point] = call_points()
    assert call.location_text == "ball field behind 12 Elm, NOT the park"
    assert point["words"].endswith(", ball field behind 12 Elm, NOT the park")


def test_closed_calls_are_left_out(given: Given) -> None:
    given.closed_call()

    assert call_points() == []


@pytest.mark.parametrize("calls", [1, 4])
def test_points_take_the_same_queries_for_one_call_and_four(
    given: Given, people: People, calls: int, django_assert_num_queries: object
) -> None:
    for _ in range(calls):
        given.call()

    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture of pytest-django
        assert len(call_points()) == calls
    with django_assert_num_queries(6):  # type: ignore[operator]
        unit_points()


def test_what_is_pushed_has_the_same_keys_and_values(given: Given) -> None:
    run = given.run(RunStatus.ON_SCENE)
    [point] = call_points()
    team = unit("CRT1")
    del team["position"]

    pushed = {
        item["id"]: item["data"] for item in render(BOARD, [point["id"], f"unit-{run.unit_id}"])
    }

    assert pushed[point["id"]].items() >= {k: v for k, v in point.items() if k != "id"}.items()
    assert (
        pushed[f"unit-{run.unit_id}"].items()
        >= {k: v for k, v in team.items() if k != "id"}.items()
    )


def test_a_team_is_where_its_phone_was_and_a_clock_that_runs_ahead_makes_it_no_younger() -> None:
    now = timezone.now().replace(microsecond=0)
    position = {"latitude": 31.01, "longitude": -70.01, "accuracy_m": 12}
    ahead, behind = now + timedelta(hours=1), now - timedelta(minutes=6)
    crt1, crt2 = (Unit.objects.get(code=code) for code in ("CRT1", "CRT2"))
    UnitPosition.objects.create(unit=crt1, **position, fixed_at=ahead, received_at=now)
    UnitPosition.objects.create(unit=crt2, **position, fixed_at=behind, received_at=now)

    seen = {"place": [31.01, -70.01], "accuracy_m": 12}

    assert unit("CRT1")["position"] == {**seen, "seen_at": now.isoformat()}
    assert unit("CRT2")["position"] == {**seen, "seen_at": behind.isoformat()}
    assert unit("CRT3")["position"] is None
    assert unit("CRT1")["home"] == [crt1.latitude, crt1.longitude]


def test_a_person_at_the_board_gets_ground_points_and_teams(given: Given, people: People) -> None:
    given.call()
    Layer.objects.create(
        name="Parks",
        kind="areas",
        geojson={"type": "FeatureCollection", "features": [feature("Elm Park", square())]},
        source="City of Larkfield",
        year=2026,
    )
    dev = Screen(people.dev)

    ground = dev.get("/board/map/ground/")
    again = dev.get("/board/map/ground/", headers={"If-None-Match": ground.headers["ETag"]})
    points = dev.get("/board/map/points/").json()
    teams = dev.get("/board/map/units/").json()

    beats, parks = ground.json()["layers"]
    assert [each["properties"]["name"] for each in beats["geojson"]["features"]] == [
        *("C1", "C2", "N1", "N2", "S1", "S2")
    ]
    assert parks["credit"] == "Parks: City of Larkfield, 2026"
    assert parks["geojson"]["features"][0]["properties"]["label"] == [31.25, -70.45]
    assert again.status_code == 304
    assert (len(points["calls"]), len(points["units"])) == (1, 6)
    assert teams == {"units": points["units"]}


def test_the_map_is_for_those_who_see_the_board(people: People) -> None:
    for name in ("ground", "points", "units"):
        assert Screen(people.imani).get(f"/board/map/{name}/").status_code == 403
        assert Screen(people.ana).get(f"/board/map/{name}/").status_code == 403
