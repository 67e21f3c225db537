"""Paper: data set by typst as PDF/UA, with a tagged structure, for reading and screen readers."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from unicodedata import category, name

import typst

ACCESSIBLE: Final = "ua-1"
LONG_WORD = re.compile(r"[^\s/?&=.-]{32}(?=[^\s/?&=.-])")
UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
BREAK = "\u200b"
"""A zero-width space: a word that is wider than the page may be broken there."""


def as_data(content: Any) -> str:
    """Content as a template reads it, with every text fit for a narrow column."""
    return json.dumps(_each_text(content, _breakable), ensure_ascii=False)


def typeset(template: Path, data: str) -> bytes:
    """The PDF of a template, which finds ``data`` under the name ``document``.

    An accessible PDF shows every character, so those without a glyph are told by their names.
    """
    try:
        return _compiled(template, data)
    except typst.TypstError as refused:
        unshown = {char for text in UNSHOWN.findall(refused.diagnostic) for char in _plain(text)}
        if not unshown:
            raise
        named = str.maketrans({char: _named(char) for char in unshown})
        return _compiled(
            template, json.dumps(_each_text(json.loads(data), lambda text: text.translate(named)))
        )


def _compiled(template: Path, data: str) -> bytes:
    return typst.compile(
        template,
        root=template.parent,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=ACCESSIBLE,
        sys_inputs={"document": data},
    )


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(inner, change) for inner in value]
    return value


def _breakable(text: str) -> str:
    return LONG_WORD.sub(lambda found: found.group() + BREAK, text)


def _plain(text: str) -> str:
    """Text as an error of the typesetter quotes it."""
    return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


def _named(char: str) -> str:
    if category(char).startswith(("C", "M")):
        return ""
    return f"[{name(char, f'U+{ord(char):04X}').lower()}]"
