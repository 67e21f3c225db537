"""The way out to a push service, and nowhere else: browsers name the address, so it is not trusted.

The address is looked up once, refused unless every answer is public, and the connection goes to the
very address that was checked. Nothing is redirected.
"""

import ipaddress
import socket
import ssl
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST = 500
PATIENCE_SECONDS = 4
LONGEST_SECONDS = 10
"""For the whole exchange, also when a service answers one byte at a time."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(ValueError):
    """This address may not be a push service; says why."""


def checked(endpoint: str) -> SplitResult:
    """An address that may be tried, by its spelling alone."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable():
        raise NotAllowed("not an address of a push service")
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed("not an address") from error
    if _is_on_this_machine(parts):
        return parts
    if parts.scheme != "https" or not host or " " in endpoint:
        raise NotAllowed("a push service is reached by https")
    if parts.username is not None or port not in (None, 443):
        raise NotAllowed("an address without name, password and port")
    if _is_number(host) and not _is_public(host):
        raise NotAllowed("an address on the public network")
    return parts


def post(endpoint: str, body: bytes, headers: dict[str, str]) -> int:
    """Send; gives the status. Raises NotAllowed, or OSError when the service cannot be reached."""
    parts = checked(endpoint)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    with closing(_connect(parts)) as connection:
        end = Timer(LONGEST_SECONDS, _hang_up, [connection.sock])
        end.start()
        try:
            connection.request("POST", path or "/", body, headers)
            return connection.getresponse().status
        finally:
            end.cancel()


def _hang_up(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


def origin(endpoint: str) -> str:
    parts = checked(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _connect(parts: SplitResult) -> HTTPConnection:
    host = parts.hostname or ""
    if _is_on_this_machine(parts):
        plain = HTTPConnection(host, parts.port, timeout=PATIENCE_SECONDS)
        plain.connect()
        return plain
    wire = socket.create_connection((_address(host), 443), PATIENCE_SECONDS)
    connection = HTTPSConnection(host, timeout=PATIENCE_SECONDS)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
    except OSError:
        wire.close()
        raise
    return connection


def _address(host: str) -> str:
    """The address to connect to; one private answer makes the name unfit."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]
    if not found or not all(map(_is_public, found)):
        raise NotAllowed("an address on the public network")
    return found[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _is_public(str(inner))
        if address in NAT64:
            return False
    return address.is_global and not address.is_multicast


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_on_this_machine(parts: SplitResult) -> bool:
    is_loopback = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    return is_loopback and bool(settings.HEART_PUSH_LOOPBACK)
