"""SM2 straight from GB/T 32918.2: slow, obvious, with a chosen nonce; the oracle for OpenSSL."""

from shanhai.kernel.suite import SM
from shanhai.ledger.signing.sm2 import USER_ID, A, B, N, P

G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
Point = tuple[int, int] | None


def add(one: Point, two: Point) -> Point:
    if one is None or two is None:
        return one or two
    if one[0] == two[0]:
        if (one[1] + two[1]) % P == 0:
            return None
        slope = (3 * one[0] ** 2 + A) * pow(2 * one[1], -1, P)
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, P)
    x = (slope**2 - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(scalar: int, point: Point) -> Point:
    result: Point = None
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def point_of(secret: bytes) -> bytes:
    """Return the public key as 65 bytes."""
    point = times(int.from_bytes(secret, "big"), G)
    assert point is not None
    return b"\x04" + b"".join(part.to_bytes(32, "big") for part in point)


def challenge(public_key: bytes, message: bytes) -> int:
    """Return e = H(Z ‖ M), Z over the user id, the curve, its generator and the key."""
    curve = b"".join(part.to_bytes(32, "big") for part in (A, B, *G))
    bits = (8 * len(USER_ID)).to_bytes(2, "big")
    return int.from_bytes(
        SM.hash(SM.hash(bits + USER_ID + curve + public_key[1:]) + message), "big"
    )


def sign(secret: bytes, nonce: bytes, message: bytes) -> bytes:
    """Return raw r ‖ s for a chosen nonce k."""
    d, k = int.from_bytes(secret, "big"), int.from_bytes(nonce, "big")
    point = times(k, G)
    assert point is not None
    r = (challenge(point_of(secret), message) + point[0]) % N
    s = pow(1 + d, -1, N) * (k - r * d) % N
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = int.from_bytes(public_key[1:33], "big"), int.from_bytes(public_key[33:], "big")
    point = add(times(s, G), times((r + s) % N, key))
    return point is not None and (challenge(public_key, message) + point[0]) % N == r
