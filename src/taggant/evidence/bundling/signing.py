"""Ed25519 keys and signatures (RFC 8032): who handed a bundle over.

Invariant: a private key is written once, readable by its owner alone, and never goes into a bundle.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from taggant.errors import InputError

_LONGEST_KEY = 64 * 1024


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key."""

    _key: Ed25519PrivateKey

    @classmethod
    def read(cls, file: Path) -> Self:
        """Which key is in this file (PEM, PKCS 8)?

        Raises
        ------
        InputError
            None is, or it is of another kind, or under a password.
        """
        try:
            content = file.read_bytes()
        except OSError as err:
            raise InputError(
                f"the key cannot be read: {err.strerror}", where=str(file), next=f"Make one: taggant signing-key {file}"
            ) from err
        try:
            key = serialization.load_pem_private_key(content[:_LONGEST_KEY], password=None)
        except TypeError as err:
            raise InputError(
                "the key is under a password", where=str(file), next="Take the password off a copy: openssl pkey"
            ) from err
        except (ValueError, UnsupportedAlgorithm) as err:
            raise InputError("this file holds no private key", where=str(file), next=_MAKE_ONE) from err
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError("the key is of another kind than Ed25519", where=str(file), next=_MAKE_ONE)
        return cls(key)

    @property
    def public_pem(self) -> bytes:
        """The public half, PEM."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def fingerprint(self) -> str:
        """What a person compares."""
        return _fingerprint(self._key.public_key())

    def sign(self, content: bytes) -> bytes:
        """Give the signature of these bytes, 64 bytes."""
        return self._key.sign(content)


_MAKE_ONE = "Make one: taggant signing-key FILE"


def new_key(file: Path) -> SigningKey:
    """Which key is in this file, now that it was made?

    Raises
    ------
    InputError
        The file is there already, or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as err:
        raise InputError(
            "the file is there already", where=str(file), so_what="A key that is overwritten is lost for ever"
        ) from err
    except OSError as err:
        raise InputError(f"the key cannot be written: {err.strerror}", where=str(file)) from err
    with os.fdopen(handle, "wb") as opened:
        opened.write(pem)
        opened.flush()
        os.fsync(opened.fileno())
    return SigningKey(key)


def check_signature(content: bytes, signature: bytes, public_pem: bytes) -> tuple[str | None, str | None]:
    """Who signed these bytes?

    Parameters
    ----------
    content, signature, public_pem : bytes

    Returns
    -------
    tuple of (str or None, str or None)
        The key's fingerprint when it can be read; what is wrong, or None: the signature fits.
    """
    try:
        key = serialization.load_pem_public_key(public_pem)
    except (ValueError, UnsupportedAlgorithm):
        return None, "the signer's key cannot be read"
    if not isinstance(key, Ed25519PublicKey):
        return None, "the signer's key is of another kind than Ed25519"
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return _fingerprint(key), "the signature is not one of this bundle by this key"
    return _fingerprint(key), None


def fingerprint_of(file: Path) -> str:
    """Which fingerprint has the key, private or public, in this file?

    Raises
    ------
    InputError
        None is there.
    """
    try:
        content = file.read_bytes()[:_LONGEST_KEY]
    except OSError as err:
        raise InputError(f"the key cannot be read: {err.strerror}", where=str(file)) from err
    if b"PRIVATE KEY-----" in content:
        return SigningKey.read(file).fingerprint
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as err:
        raise InputError("this file holds no key", where=str(file), next="Give the signer's public key (PEM)") from err
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("the key is of another kind than Ed25519", where=str(file))
    return _fingerprint(key)


def _fingerprint(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    digest = hashlib.sha256(raw).hexdigest()
    return " ".join(digest[at : at + 8] for at in range(0, 64, 8))
