"""Somebody's own shortcuts as the page sends them; which ones clash, the page knows and says."""

import json
import re

from intake.steps import Refused

MOST_KEYS = 100
LEFT_TO_THE_BROWSER = frozenset({"F1", "F3", "F5", "F6", "F11", "F12", "Tab", "Enter", "Escape"})
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_KEYS = re.compile(r"(Ctrl |Alt |Shift ){0,3}\S{1,12}( \S)?")


def kept_keys(body: bytes) -> tuple[dict[str, str], bool]:
    """Keys by the name of what they do, and whether single letters count; raises Refused."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(keys="the page sent something that cannot be read") from error
    keys = sent.get("keys") if isinstance(sent, dict) else None
    if not isinstance(keys, dict) or not isinstance(sent.get("letters"), bool):
        raise Refused(keys="keys must be an object, letters true or false")
    if len(keys) > MOST_KEYS:
        raise Refused(keys=f"at most {MOST_KEYS} keys")
    problems = {f"keys.{name[:40]}": fault for name in keys if (fault := _fault(name, keys[name]))}
    if problems:
        raise Refused(**problems)
    return keys, sent["letters"]


def _fault(name: str, pressed: object) -> str:
    if not _NAME.fullmatch(name):
        return "no name of a shortcut"
    if not isinstance(pressed, str) or not _KEYS.fullmatch(pressed):
        return "not a key that can be pressed"
    if pressed in LEFT_TO_THE_BROWSER:
        return f"{pressed} is left to the browser"
    return ""
