#!/usr/bin/env python3
"""Management commands; they join the console that `make run` has started, if it runs."""

import os
import sys

from heart.runner.env import load_running_environment, use_own_python


def main() -> None:
    use_own_python()
    load_running_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heart.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  # needs .venv

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
