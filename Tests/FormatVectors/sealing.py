"""Seals messages with chosen salts, nonces and keys, so that the same vault is written again byte for byte.

What `cryptography` seals, it seals with random salts; the independent reader opens by `cryptography` what this has sealed.
"""

import hashlib
import hmac
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "IndependentReader"))

import reader  # noqa: E402

CHUNK = 16384
SUITE = b"HPKE" + bytes.fromhex("002000010002")


def seeded(label, count):
    """Bytes that look random and depend on their label alone."""
    return hashlib.shake_256(f"tokenvault format-1 {label}".encode()).digest(count)


def sealed(key, context, plaintext, salt):
    """A message of Cobblestone-256 (c2sp.org/chunked-encryption)."""
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    derived = reader.expand(key, info, 76)
    cipher, base = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big")
    message = salt + derived[44:]
    for number in range(len(plaintext) // CHUNK + 1):
        chunk = plaintext[number * CHUNK : (number + 1) * CHUNK]
        message += cipher.encrypt((base ^ number).to_bytes(12, "big"), chunk, None)
    return message


def sealed_entry(key, frame, plaintext):
    """The sealed text of a log entry with this frame: XAES-256-GCM."""
    nonce = frame[40:64]
    return AESGCM(reader.xaes_key(key, nonce)).encrypt(nonce[12:], plaintext, frame[:40])


def sealed_by_hpke(public_key, info, plaintext, ephemeral):
    """HPKE in base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM."""
    private = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(public_key))
    kem = b"KEM\x00\x20"
    secret = _expand(kem, _extract(kem, b"", b"eae_prk", shared), b"shared_secret", enc + public_key, 32)
    context = b"\0" + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", info)
    schedule = _extract(SUITE, secret, b"secret", b"")
    key, nonce = (_expand(SUITE, schedule, name, context, size) for name, size in ((b"key", 32), (b"base_nonce", 12)))
    return enc + AESGCM(key).encrypt(nonce, plaintext, b"")


def _extract(suite, salt, label, text):
    return hmac.digest(salt, b"HPKE-v1" + suite + label + text, "sha256")


def _expand(suite, key, label, info, count):
    labeled = count.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labeled + b"\x01", "sha256")[:count]
