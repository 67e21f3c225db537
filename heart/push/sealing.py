"""A message that only one browser can open (RFC 8291), from a sender its push service knows (RFC 8292)."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

CURVE = ec.SECP256R1()
RECORD = 4096
LAST_RECORD = b"\x02"
TOKEN_LASTS = timedelta(hours=12)


def seal(
    message: bytes,
    public_key: bytes,
    auth: bytes,
    *,
    ours: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body for a browser's keys; ``ours`` and ``salt`` are new for each message."""
    ours = ours or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public_key)
    our_point = point(ours)
    info = b"WebPush: info\0" + public_key + our_point
    secret = _derive(32, auth, info, ours.exchange(ec.ECDH(), theirs))
    key = _derive(16, salt, b"Content-Encoding: aes128gcm\0", secret)
    nonce = _derive(12, salt, b"Content-Encoding: nonce\0", secret)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(our_point)]) + our_point
    return head + AESGCM(key).encrypt(nonce, message + LAST_RECORD, None)


def authorization(audience: str) -> str:
    """The header that tells the push service who sends: a token for its origin, signed by us."""
    expires = timezone.now() + TOKEN_LASTS
    claims = {
        "aud": audience,
        "exp": int(expires.timestamp()),
        "sub": settings.HEART_PUSH_CONTACT,
    }
    parts = ({"typ": "JWT", "alg": "ES256"}, claims)
    signed = ".".join(encode(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    r, s = decode_dss_signature(_our_key().sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={our_public_key()}"


def our_public_key() -> str:
    """What a browser is told when it subscribes; empty where the console has no key."""
    return encode(point(_our_key())) if settings.HEART_PUSH_PRIVATE_KEY else ""


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key as 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Raises ValueError for what is no base64."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


@lru_cache(maxsize=1)
def _our_key() -> ec.EllipticCurvePrivateKey:
    secret = int.from_bytes(decode(settings.HEART_PUSH_PRIVATE_KEY), "big")
    return ec.derive_private_key(secret, CURVE)


def _derive(length: int, salt: bytes, info: bytes, secret: bytes) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
