"""What every test stands on: servers of its own, the demo city, no network, an honest journal."""

import ipaddress
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis

from heart.runner.servers import embedded

if TYPE_CHECKING:
    from tests.builders import Given
    from tests.people import People
    from triage.queries import Protocol

LOGS = Path(__file__).parents[1] / "var" / "tests"
PASSWORD = "a password for tests"
OWN_CONSOLE = ("tests/browser/", "tests/chaos/")
servers = ExitStack()
hypothesis.register_profile("console", deadline=None)  # a busy machine is no fault of an example
hypothesis.load_profile("console")


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers and set up Django, in every process that runs tests.

    Each xdist worker has servers of its own: a transaction that is open anywhere in a PostgreSQL
    holds back the watermark of the journal, so that the tests of one worker would wait for the
    other's; and FLUSHALL of one would be felt by the other.
    """
    config.addinivalue_line("markers", "tampers(reason): changes rows behind the journal's back")
    config.addinivalue_line("markers", "nightly: long; run with -m nightly")
    hands_out_work = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if hands_out_work:
        return
    _set_environment()
    _set_up_django()
    sys.addaudithook(_refuse_network)


def pytest_unconfigure() -> None:
    servers.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file goes to one worker; a folder with a console of its own goes there as a whole."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return next((one for one in OWN_CONSOLE if path.startswith(one)), path)

    config.option.loadscopereorder = False  # the longest come first by our own order
    return Scheduler(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(OWN_CONSOLE))


def _set_environment() -> None:
    urls = servers.enter_context(
        embedded(
            LOGS / os.environ.get("PYTEST_XDIST_WORKER", "main"),
            postgres="DATABASE_URL" not in os.environ,
            valkey="REDIS_URL" not in os.environ,
        )
    )
    missing = {
        "DATABASE_URL": urls.database_url,
        "REDIS_URL": urls.redis_url,
        "SECRET_KEY": secrets.token_hex(32),
        "HEART_SECURE_COOKIES": "false",
        "HEART_PAPER_DIR": str(LOGS / "paper"),
        "HEART_DEMO_PASSWORD": PASSWORD,
        "DJANGO_SETTINGS_MODULE": "heart.settings",
    }
    for name, value in missing.items():
        if value is not None:
            os.environ.setdefault(name, value)


def _set_up_django() -> None:
    """The settings of production, but for speed and for files that nobody has collected."""
    import django
    from django.conf import settings

    settings.STATIC_ROOT = LOGS / "static"  # empty: each test client looks at every file in it
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else serving it warns
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    # A test is one transaction: the deferred checks of a whole import run at its end, in one go.
    options = " -c synchronous_commit=off -c statement_timeout=120000"
    settings.DATABASES["default"]["OPTIONS"]["options"] += options
    django.setup()


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: tests speak to this machine only."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if host != "localhost" and not ipaddress.ip_address(host.partition("%")[0]).is_loopback:
            raise PermissionError(f"a test wanted to speak to {host}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database begins with the protocol, the city, its people and teams, and no call."""
    from heart.demo.seed import seed_reference

    with django_db_blocker.unblock():
        seed_reference(PASSWORD)


@pytest.fixture
def reference(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    """A test with real transactions empties every table behind itself: they are filled before the
    next test begins, else each test after it would fill them and take that back."""
    if not _uses_database(request):
        return
    request.getfixturevalue("django_db_setup")
    from django.db import transaction

    from heart.demo.seed import seed_reference
    from heart.journal.models import Epoch

    with django_db_blocker.unblock(), transaction.atomic():
        if not Epoch.objects.exists():
            Epoch.objects.create(pk=1)
            seed_reference(PASSWORD)


@pytest.fixture(autouse=True)
def honest_journal(
    request: pytest.FixtureRequest, reference: None, _django_db_marker: None
) -> Iterator[None]:
    """After every test with a database: what the rows say is what the journal says."""
    if not _uses_database(request):
        yield
        return
    request.getfixturevalue("db")
    yield
    from django.db import connection

    from heart.journal.replay import differences

    was_tampered_with = request.node.get_closest_marker("tampers") is not None
    if not was_tampered_with and not connection.needs_rollback:
        assert list(differences()) == []


def _uses_database(request: pytest.FixtureRequest) -> bool:
    fixtures = {"db", "transactional_db", "live_server"}
    return bool(
        request.node.get_closest_marker("django_db") or fixtures & set(request.fixturenames)
    )


@pytest.fixture
def people(db: None) -> "People":
    """Rosa takes calls, Dev dispatches, Noor is the clinician, Imani is on the team, and so on."""
    from tests.people import People

    return People.present()


@pytest.fixture
def given(people: "People") -> "Given":
    """Builders of worlds."""
    from tests.builders import Given

    return Given(people)


@pytest.fixture
def protocol(db: None) -> "Protocol":
    """The rule set in force, compiled."""
    from triage.queries import active_rule_set_id
    from triage.queries import protocol as compiled

    return compiled(active_rule_set_id())
