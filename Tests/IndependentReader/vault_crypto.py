"""Opens sealed messages and derives keys, for the parts of the independent reader."""

import hmac
from contextlib import contextmanager

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


class Rejected(Exception):
    """A vault, or a part of it, that is refused; `refusal` is its class in FileFormat."""

    def __init__(self, what, refusal=None):
        super().__init__(what)
        self.refusal = refusal


def must(condition, what, refusal=None):
    if not condition:
        raise Rejected(what, refusal)


@contextmanager
def refusing(refusal):
    """Says the class of whatever is refused in a block and has none."""
    try:
        yield
    except Rejected as error:
        error.refusal = error.refusal or refusal
        raise
    except (ValueError, RecursionError) as error:
        raise Rejected(str(error), refusal) from error


def opened(key, context, message):
    must(len(message) >= 72, "a message is too short")
    try:
        decryptor = Cobblestone256Decryptor(key, context)
        return decryptor.update(message) + decryptor.finalize()
    except Exception as error:
        raise Rejected(f"a message does not open: {type(error).__name__}") from error


def expand(key, info, count):
    return HKDFExpand(hashes.SHA512(), count, info).derive(key)


def key_pair(secret):
    """DeriveKeyPair of RFC 9180, section 7.1.3, for DHKEM(X25519, HKDF-SHA256)."""
    suite = b"HPKE-v1KEM\x00\x20"
    extracted = hmac.digest(b"", suite + b"dkp_prk" + secret, "sha256")
    private = hmac.digest(extracted, b"\x00\x20" + suite + b"sk" + b"\x01", "sha256")
    return X25519PrivateKey.from_private_bytes(private)


def xaes_key(key, nonce):
    """The message key of XAES-256-GCM: c2sp.org/XAES-256-GCM."""

    def block(data):
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    zeros = int.from_bytes(block(bytes(16)), "big")
    subkey = ((zeros << 1) & (2**128 - 1)) ^ (0x87 if zeros >> 127 else 0)
    inputs = [int.from_bytes(bytes([0, number, 0x58, 0]) + nonce[:12], "big") for number in (1, 2)]
    return b"".join(block((value ^ subkey).to_bytes(16, "big")) for value in inputs)


def siphash(key, text):
    """SipHash-2-4."""
    mask = 2**64 - 1
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    v0, v1 = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D
    v2, v3 = k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573

    def rotated(word, bits):
        return (word << bits | word >> (64 - bits)) & mask

    def rounds(count):
        nonlocal v0, v1, v2, v3
        for _ in range(count):
            v0, v2 = (v0 + v1) & mask, (v2 + v3) & mask
            v1, v3 = rotated(v1, 13) ^ v0, rotated(v3, 16) ^ v2
            v0, v2 = (rotated(v0, 32) + v3) & mask, (v2 + v1) & mask
            v1, v3 = rotated(v1, 17) ^ v2, rotated(v3, 21) ^ v0
            v2 = rotated(v2, 32)

    padded = text + bytes(-(len(text) + 1) % 8) + bytes([len(text) & 255])
    for place in range(0, len(padded), 8):
        word = int.from_bytes(padded[place : place + 8], "little")
        v3 ^= word
        rounds(2)
        v0 ^= word
    v2 ^= 0xFF
    rounds(4)
    return v0 ^ v1 ^ v2 ^ v3
