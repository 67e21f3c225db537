"""Additional data about a call (RFC 7852): what helps in the room; contact cards are not kept."""

from heart.eido.xml import NotReadable, local_name, root_of

SHOWN = {"Comment": "Comment", "ServiceType": "Service", "ServiceMobility": "Mobility"}


def words(xml: str) -> str:
    """Comments and the kind of service in one line; empty when there is nothing to say."""
    if not xml:
        return ""
    try:
        elements = list(root_of(xml).iter())
    except NotReadable:
        return "Additional data that could not be read."
    told = [
        f"{SHOWN[local_name(element)]}: {' '.join(element.text.split())}"
        for element in elements
        if local_name(element) in SHOWN and element.text and element.text.strip()
    ]
    return "Additional data. " + "; ".join(told) if told else ""
