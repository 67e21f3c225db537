"""The two standards of web push, against the example of RFC 8291 and a signature that anyone can check."""

import json
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import override_settings
from django.utils import timezone

from heart.push import sealing
from heart.push.sealing import CURVE, decode, encode

# RFC 8291, appendix A
PLAIN = b"When I grow up, I want to be a watermelon"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
KEY = SENDER


def test_sealed_message_is_the_one_of_the_standard() -> None:
    ours = ec.derive_private_key(int.from_bytes(decode(SENDER), "big"), CURVE)

    sealed = sealing.seal(PLAIN, decode(RECEIVER), decode(AUTH), ours=ours, salt=decode(SALT))

    assert encode(sealed) == SEALED


def test_each_message_has_keys_of_its_own() -> None:
    one, two = (sealing.seal(PLAIN, decode(RECEIVER), decode(AUTH)) for _ in range(2))

    assert one[:16] != two[:16]
    assert one[21:86] != two[21:86]


@override_settings(HEART_PUSH_PRIVATE_KEY=KEY, HEART_PUSH_CONTACT="mailto:sam@example.org")
def test_token_is_signed_for_one_origin_and_half_a_day() -> None:
    sealing._our_key.cache_clear()
    scheme, _, rest = sealing.authorization("https://push.example.org").partition(" ")
    token, _, key = rest.partition(", k=")
    signed, _, signature = token.removeprefix("t=").rpartition(".")
    claims = json.loads(decode(signed.partition(".")[2]))
    numbers = [
        int.from_bytes(half, "big") for half in (decode(signature)[:32], decode(signature)[32:])
    ]

    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(key))
    public.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(SHA256()))
    assert (scheme, key) == ("vapid", sealing.our_public_key())
    assert (claims["aud"], claims["sub"]) == ("https://push.example.org", "mailto:sam@example.org")
    left = claims["exp"] - timezone.now().timestamp()
    assert 0 < left <= timedelta(hours=24).total_seconds()
    sealing._our_key.cache_clear()


@override_settings(HEART_PUSH_PRIVATE_KEY="")
def test_console_without_a_key_offers_no_push() -> None:
    assert sealing.our_public_key() == ""
