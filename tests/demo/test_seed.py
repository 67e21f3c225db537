"""The demo city: complete at every hour, synthetic throughout, and entered once."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command

from dispatch.models import Unit
from dispatch.queries import CREW, readiness, roster
from followup.models import FollowUp
from heart.accounts.models import User
from heart.demo.city import city, some_phone, somewhere
from heart.demo.seed import seed
from heart.roles import Role
from intake.models import Beat, Call, Nature
from intake.queries import beat_at
from tests.actions.test_every_action import everything
from tests.people import People
from triage.models import Consult, RuleSet

PASSWORD = "a password for tests"
pytestmark = pytest.mark.django_db


def every_hour_of_a_week() -> Iterator[datetime]:
    monday = datetime(2026, 6, 1, tzinfo=ZoneInfo(settings.HEART_TIME_ZONE))
    return (monday + timedelta(hours=hour) for hour in range(7 * 24))


class TestFirstCalls:
    def test_board_desk_and_worklist_are_not_empty(self) -> None:
        assert seed(PASSWORD).calls == 5

        assert Call.objects.filter(status="open").count() == 4
        assert Consult.objects.filter(status="waiting").count() == 1
        assert Consult.objects.get(status="accepted").accepted_by == People.present().noor
        promise = FollowUp.objects.get()
        assert promise.due_at - promise.promised_at <= timedelta(hours=48)
        assert Unit.objects.get(runs__status="en_route").code == "CRT2"

    def test_they_say_that_they_are_synthetic(self) -> None:
        seed(PASSWORD)

        assert set(Call.objects.values_list("is_synthetic", "source")) == {(True, "demo")}

    def test_each_lies_in_a_beat_of_the_city(self) -> None:
        seed(PASSWORD)

        assert not Call.objects.filter(beat__isnull=True).exists()

    def test_a_second_seed_changes_nothing(self) -> None:
        seed(PASSWORD)
        before = everything()

        assert seed(PASSWORD).words == "already there"

        assert everything() == before


class TestPeople:
    def test_there_is_one_sign_in_per_role(self) -> None:
        names = [
            "calltaker",
            "dispatcher",
            "clinician",
            "team",
            "navigator",
            "supervisor",
            "admin",
        ]
        roles = dict(User.objects.filter(username__in=names).values_list("username", "role"))

        assert list(map(roles.get, names)) == [role.value for role in Role]

    def test_only_the_admin_is_a_superuser(self) -> None:
        staff = User.objects.filter(is_staff=True).values_list("username", "is_superuser")

        assert set(staff) == {("supervisor", False), ("supervisor2", False), ("admin", True)}

    def test_the_same_password_keeps_everybody_signed_in(self) -> None:
        before = dict(User.objects.values_list("username", "password"))

        seed(PASSWORD)

        assert dict(User.objects.values_list("username", "password")) == before

    def test_another_password_is_set_for_everybody(self) -> None:
        seed("another password")

        encoded = User.objects.values_list("password", flat=True)
        assert all(check_password("another password", one) for one in set(encoded))

    def test_what_somebody_edited_stays(self) -> None:
        User.objects.filter(username="calltaker").update(first_name="Rosalind", languages="en fr")
        Unit.objects.filter(code="CRT1").update(name="The blue van")
        Nature.objects.filter(code="TRESPASS").update(name="Unwanted person")

        seed(PASSWORD)

        assert User.objects.get(username="calltaker").first_name == "Rosalind"
        assert Unit.objects.get(code="CRT1").name == "The blue van"
        assert Nature.objects.get(code="TRESPASS").name == "Unwanted person"


class TestUnits:
    def test_every_crew_is_complete(self) -> None:
        for unit in roster():
            duties = {member.duty for member in unit.crew.all()}
            assert duties >= CREW[Unit.Kind(unit.kind)], unit

    def test_at_every_hour_in_every_beat_each_kind_can_go(self, people: People) -> None:
        units, beats = roster(), list(Beat.objects.all())

        for at, beat in product(every_hour_of_a_week(), beats):
            able = {u.kind for u in units if readiness(u, Call(beat=beat), at).can_go}
            assert able == {"CRT", "COR", "CCD"}, (at, beat)

    def test_hours_and_beats_differ_between_units(self) -> None:
        units, beats = roster(), list(Beat.objects.all())

        codes = {
            (unit.code, readiness(unit, Call(beat=beat), at).code)
            for unit, beat, at in product(units, beats, every_hour_of_a_week())
        }

        reasons = {
            unit.code: {code for name, code in codes if name == unit.code} for unit in units
        }
        assert reasons == {
            "CCD": {""},
            "COR1": {""},
            "CRT1": {""},
            "CRT2": {"", "outside_area"},
            "CRT3": {"", "outside_area", "outside_hours"},
            "CRT4": {"", "outside_area", "outside_hours"},
            "COR2": {"", "outside_area", "outside_hours"},
        }


class TestCity:
    def test_it_says_that_it_is_invented(self) -> None:
        assert "invented" in city()["name"]
        assert city()["note"].startswith("Synthetic.")

    def test_every_address_lies_in_the_beat_of_its_street(self) -> None:
        chance = random.Random(7)

        for place in [somewhere(chance) for _ in range(200)]:
            found = beat_at(place.latitude, place.longitude)
            assert found is not None
            assert found.code == place.beat

    def test_its_telephone_numbers_are_kept_free_for_fiction(self) -> None:
        numbers = {some_phone(random.Random(n)) for n in range(300)}

        assert all(number.startswith("555-01") and len(number) == 8 for number in numbers)


class TestCommand:
    def test_it_wants_a_password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HEART_DEMO_PASSWORD")

        with pytest.raises(CommandError, match="set HEART_DEMO_PASSWORD"):
            call_command("seed_demo")

    def test_it_says_which_hours_are_worked_and_never_the_password(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("HEART_DEMO_PASSWORD", PASSWORD)

        call_command("seed_demo")

        said: Any = capsys.readouterr().out
        assert said.startswith("Larkfield (invented): 5 first calls. Demo hours: CRT1, COR1")
        assert PASSWORD not in said
        assert RuleSet.objects.get().is_synthetic
