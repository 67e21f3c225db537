"""The text of a PDF as a screen reader gets it: glyphs through the fonts' own tables to characters."""

import re
import zlib

OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n")
LENGTH = re.compile(rb"/Length (\d+)")
FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
PLAIN = rb"\\.|[^\\()]"
NESTED = rb"\((?:" + PLAIN + rb"|\((?:" + PLAIN + rb")*\))*\)"
TOKEN = re.compile(
    rb"\((?:" + PLAIN + rb"|" + NESTED + rb")*\)|<[0-9A-Fa-f]*>|/?[A-Za-z]\w*", re.DOTALL
)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """All text in the order of the pages, without blanks: those are not drawn."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    return re.sub(r"[\s\u200b]", "", "".join(_page(objects, body) for body in pages))


def _page(objects: dict[int, bytes], page: bytes) -> str:
    fonts = {
        name: _characters(objects, int(number))
        for name, number in FONT.findall(_linked(objects, page, b"Resources"))
    }
    return _shown(_stream(_linked(objects, page, b"Contents")), fonts)


def _linked(objects: dict[int, bytes], body: bytes, name: bytes) -> bytes:
    link = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert link, f"no {name!r}"
    return objects[int(link.group(1))]


def _characters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """What each glyph of a font stands for."""
    table, found = _stream(_linked(objects, objects[font], b"ToUnicode")), {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def _stream(body: bytes) -> bytes:
    begins, length = STREAM.search(body), LENGTH.search(body)
    if not begins or not length:
        return b""
    content = body[begins.end() : begins.end() + int(length.group(1))]
    return zlib.decompress(content) if b"FlateDecode" in body[: begins.start()] else content


def _shown(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    text, characters, is_text, before = [], dict[int, str](), False, b""
    for token in TOKEN.findall(content):
        before, last = token, before
        if last == b"/ActualText":  # said instead of a sign that is not drawn
            continue
        if token in (b"BT", b"ET"):
            is_text = token == b"BT"
        elif token[1:] in fonts:
            characters = fonts[token[1:]]
        elif is_text and token.startswith(b"("):
            text.append(_decoded(_unescaped(token[1:-1]), characters))
        elif is_text and token.startswith(b"<"):
            text.append(_decoded(bytes.fromhex(token[1:-1].decode()), characters))
    return "".join(text)


def _unescaped(written: bytes) -> bytes:
    def meant(found: re.Match[bytes]) -> bytes:
        sign = found.group(1)
        return bytes([int(sign, 8)]) if sign.isdigit() else NAMED.get(sign, sign)

    return ESCAPE.sub(meant, written)


def _decoded(glyphs: bytes, characters: dict[int, str]) -> str:
    pairs = zip(glyphs[::2], glyphs[1::2], strict=True)
    return "".join(characters.get((high << 8) + low, "?") for high, low in pairs)
