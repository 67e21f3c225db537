"""Enter what the demo city is made of; rows that are there are left as somebody may have edited them."""

from datetime import time

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from dispatch.models import CrewMember, Unit, UnitHours
from heart.accounts.models import User
from heart.demo.city import city
from heart.desks.models import Position
from heart.roles import Role
from intake.models import Beat


def enter_city(password: str) -> None:
    """Beats, positions, people and units that are missing, and the demo password where it is another."""
    Position.objects.bulk_create(
        [Position(**row) for row in city()["positions"]], ignore_conflicts=True
    )
    Beat.objects.bulk_create([Beat(**row) for row in city()["beats"]], ignore_conflicts=True)
    _enter_people(password)
    _enter_units()


def _enter_people(password: str) -> None:
    rows = {row["username"]: row for row in city()["people"]}
    known = dict(User.objects.filter(username__in=rows).values_list("username", "password"))
    # One hash for all: hashing is slow on purpose, and they share the password anyway. It is kept
    # while it fits, because a new hash ends the sessions of everybody who is signed in.
    fits = {encoded: check_password(password, encoded) for encoded in set(known.values())}
    encoded = next((e for e, is_right in fits.items() if is_right), None) or make_password(
        password
    )
    User.objects.bulk_create(
        [_person(row, encoded) for name, row in rows.items() if name not in known]
    )
    stale = [name for name, theirs in known.items() if not fits[theirs]]
    if stale:
        User.objects.filter(username__in=stale).update(password=encoded)


def _person(row: dict[str, str], encoded: str) -> User:
    return User(
        **row,
        password=encoded,
        is_staff=row["role"] in (Role.SUPERVISOR, Role.ADMINISTRATOR),
        is_superuser=row["role"] == Role.ADMINISTRATOR,
    )


def _enter_units() -> None:
    known = set(Unit.objects.values_list("code", flat=True))
    missing = [row for row in city()["units"] if row["code"] not in known]
    if not missing:
        return
    beats = Beat.objects.in_bulk(field_name="code")
    users = User.objects.in_bulk(field_name="username")
    now = timezone.now()  # the invented crews are on duty: a newcomer finds teams that can go
    for row in missing:
        unit = Unit.objects.create(
            **{name: row[name] for name in ("code", "name", "kind", "latitude", "longitude")}
        )
        unit.beats.set([beats[code] for code in row["beats"]])
        CrewMember.objects.bulk_create(
            [
                CrewMember(unit=unit, user=users[who], duty=duty, on_since=now)
                for who, duty in row["crew"].items()
            ]
        )
        UnitHours.objects.bulk_create(
            [
                UnitHours(
                    unit=unit,
                    weekday=day,
                    opens=time.fromisoformat(span["opens"]),
                    closes=time.fromisoformat(span["closes"]),
                )
                for span in row["hours"]
                for day in span["days"]
            ]
        )
