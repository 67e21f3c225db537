"""The production shape, as far as it can be tested without a container engine."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from heart.runner import probe, programs
from heart.runner.ports import free_port
from heart.runner.processes import Program

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "heart-console"}
PROCESSES = {"migrate", "web", "live", "worker", "beat", "clock"}
SUPPLIED = {
    "SECRET_KEY": "only-for-the-test-of-the-compose-file-0123456789",
    "HEART_HOST": "console.example.org",
    "POSTGRES_PASSWORD": "secret",
    "REDIS_PASSWORD": "secret",
}
# What only places a process: an address, a file.
PLACES = ("--bind=", "--host=", "--port=", "--schedule=")
ENVIRONMENT_READ = re.compile(r"""environ(?:\.get\(|\[)\s*"([A-Z_]+)\"""")
SETTING_READ = re.compile(r"""\benv\.\w+\(\s*"([A-Z_]+)\"""")
COMPOSE_READ = re.compile(r"\$\{([A-Z_]+)")
OF_THE_MACHINE = {"DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"}


def filled_in(value: str) -> str:
    """What Compose makes of ${NAME:?}, ${NAME:-default} and $$."""
    return re.sub(
        r"\$\{(\w+):(?:\?|-([^}]*))\}", lambda m: SUPPLIED.get(m[1], m[2] or ""), value
    ).replace("$$", "$")


def environment(service: dict[str, Any]) -> dict[str, str]:
    values = {name: filled_in(value) for name, value in service["environment"].items()}
    return {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **values}


def starts(command: list[str], service: dict[str, Any]) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=environment(service),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def settings_read() -> set[str]:
    return set(SETTING_READ.findall((ROOT / "heart" / "settings.py").read_text()))


def test_every_process_has_a_service() -> None:
    assert set(OURS) == PROCESSES
    assert set(SERVICES) - PROCESSES == {"postgres", "redis", "proxy"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_who_is_waited_for_exists_and_can_be_healthy() -> None:
    for service in SERVICES.values():
        for name, until in service.get("depends_on", {}).items():
            checked = not SERVICES[name]["healthcheck"].get("disable")
            assert checked is (until["condition"] == "service_healthy")


def test_volumes_are_declared_or_files_of_the_repository() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source == "./agency" or (ROOT / source).exists()


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in SUPPLIED:
        assert set(re.findall(rf"\$\{{{name}:([?-])", text)) == {"?"}


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_every_variable_is_one_that_settings_read(name: str) -> None:
    assert set(OURS[name]["environment"]) <= settings_read()


@pytest.mark.parametrize("name", ["migrate", "clock"])
def test_management_commands_exist(name: str) -> None:
    command = OURS[name]["command"]
    assert command[:2] == ["python", "manage.py"]
    starts([*command, "--help"], OURS[name])


@pytest.mark.parametrize("name", ["live", "worker", "beat"])
def test_servers_know_their_options(name: str) -> None:
    starts([*OURS[name]["command"], "--help"], OURS[name])


def test_web_starts_as_far_as_listening() -> None:
    starts([*OURS["web"]["command"], "--check-config"], OURS["web"])


def test_live_can_be_imported() -> None:
    module, _, attribute = OURS["live"]["command"][1].partition(":")
    starts(["python", "-c", f"import {module}; {module}.{attribute}"], OURS["live"])


def test_the_celery_app_is_there() -> None:
    starts(["celery", "--app=heart", "--version"], OURS["worker"])
    starts(["python", "-c", "from heart.celery import app; app.finalize()"], OURS["worker"])


def test_the_front_door_accepts_its_file() -> None:
    command = ["caddy", "validate", "--config=Caddyfile", "--adapter=caddyfile"]
    starts(command, {"environment": SERVICES["proxy"]["environment"] | {"HOME": "/nonexistent"}})


def test_health_checks_tell_up_from_down() -> None:
    checks = [one["healthcheck"].get("test", []) for one in OURS.values()]
    targets = {check[-1] for check in checks if "heart.runner.probe" in check}
    assert targets == {
        "http://127.0.0.1:8000/healthz",
        "127.0.0.1:8001",
        "http://web:8000/readyz",
    }
    port = free_port()
    assert probe.main(f"127.0.0.1:{port}") == 1
    assert probe.main(f"http://127.0.0.1:{port}/healthz") == 1


@pytest.mark.parametrize("name", ["web", "live", "worker", "beat"])
def test_containers_and_make_run_start_the_same(name: str) -> None:
    addresses = programs.Addresses(("127.0.0.1",), 1, 2, 3)
    ours: dict[str, Program] = {
        "web": programs.web(addresses, {}),
        "live": programs.live(addresses, {}),
        "worker": programs.worker({}),
        "beat": programs.beat({}),
    }
    assert _essence(OURS[name]["command"]) == _essence(ours[name].command)


def _essence(command: list[str] | tuple[str, ...]) -> list[str]:
    return [Path(command[0]).name, *(part for part in command[1:] if not part.startswith(PLACES))]


def test_the_image_copies_what_exists_and_serves_the_web_by_itself() -> None:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    for sources in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split())
    [command] = re.findall(r"^CMD (.+)$", text, re.MULTILINE)
    assert yaml.safe_load(command) == OURS["web"]["command"]


def test_every_variable_is_documented_with_one_line_and_no_other_is() -> None:
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line]
    matches = [re.fullmatch(r"([A-Z_]+)=\S*\s+# .+", line) for line in lines if line[0] != "#"]
    assert None not in matches
    documented = [match[1] for match in matches if match]
    sources = [*ROOT.glob("heart/**/*.py"), ROOT / "manage.py"]
    read = {name for file in sources for name in ENVIRONMENT_READ.findall(file.read_text())}
    compose = set(COMPOSE_READ.findall((ROOT / "docker-compose.yml").read_text()))
    assert sorted(documented) == sorted((read | settings_read() | compose) - OF_THE_MACHINE)
