"""XML inside a document: no entities, no document type, no network, a limit on its length."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

LONGEST = 100_000


class NotReadable(Exception):
    """The text is no XML that is read here, in words for its sender."""


def root_of(text: str) -> Element:
    """The root element; raises NotReadable."""
    if len(text) > LONGEST:
        raise NotReadable(f"is longer than {LONGEST:,} characters")
    body = text.lstrip()
    if body.startswith("<?xml"):
        # Once decoded, the encoding that the declaration names is no longer true.
        body = body.partition("?>")[2]
    try:
        return fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise NotReadable("has a document type or entities, which are refused") from None
    except (ParseError, ValueError) as error:
        raise NotReadable(f"is not XML: {error}") from None


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]
