"""A push service on this machine: keeps what it was sent and opens it as a browser would."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from heart.push.sealing import CURVE, encode, point
from heart.runner.ports import LOOPBACK


@dataclass(slots=True)
class Phone:
    """The keys that a browser makes when it subscribes."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    def values(self, endpoint: str) -> dict[str, str]:
        return {
            "endpoint": endpoint,
            "public_key": encode(point(self.key)),
            "auth": encode(self.auth),
        }

    def open(self, body: bytes) -> bytes:
        """RFC 8188 and 8291 from the receiver's side."""
        salt, theirs, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
        info = b"WebPush: info\0" + point(self.key) + theirs
        secret = HKDF(SHA256(), 32, self.auth, info).derive(self.key.exchange(ec.ECDH(), sender))
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        opened = AESGCM(key).decrypt(nonce, sealed, None)
        assert opened.endswith(b"\x02")
        return opened[:-1]


@dataclass(slots=True)
class Service:
    """Answers the statuses in turn, the last one for ever."""

    statuses: list[int]
    port: int = 0
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/push/abc"


@contextmanager
def push_service(*statuses: int) -> Iterator[Service]:
    service = Service(list(statuses) or [201])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.heard.append((dict(self.headers), body))
            status = service.statuses.pop(0) if len(service.statuses) > 1 else service.statuses[0]
            self.send_response(status)
            self.send_header("Location", f"http://{LOOPBACK}:{service.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    service.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
