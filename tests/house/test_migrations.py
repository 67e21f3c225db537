"""Migrations: none pending, none named by the machine, one leaf per app."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = [
    "accounts",
    "journal",
    "heart_clock",
    "heart_api",
    "intake",
    "triage",
    "dispatch",
    "followup",
    "heart_eido",
    "history",
    "replay",
    "paper",
    "maps",
    "heart_push",
    "heart_presence",
    "desks",
]


@pytest.mark.django_db
def test_no_migration_is_pending() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_named_for_the_change_and_end_in_one_leaf() -> None:
    loader = MigrationLoader(None)

    names = [name for app, name in loader.disk_migrations if app in OURS]

    assert [name for name in names if re.search(r"_auto_|_alter_.*_and_more", name)] == []
    assert {app: len(loader.graph.leaf_nodes(app)) for app in OURS} == dict.fromkeys(OURS, 1)


def test_every_app_of_ours_with_tables_is_listed() -> None:
    with_tables = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in ("heart", "intake", "triage", "dispatch", "followup")
        and list(config.get_models())
    }

    assert with_tables == set(OURS)
