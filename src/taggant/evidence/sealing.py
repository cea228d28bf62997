"""Sealing: words and files that the case's custodian alone can read, from the moment they are entered.

A random key encrypts the content (ChaCha20-Poly1305, RFC 8439); for each custodian it is wrapped with a key drawn by
HKDF (RFC 5869) from a fresh X25519 key (RFC 7748) and the custodian's public one. So whoever seals cannot read it back.

Invariant: what is sealed is text that a typed cell can hold, or a file; nothing else of the house knows how to open it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from taggant.errors import EvidenceBroken, InputError, TaggantError

TO_SEAL = "seal:"
"""What a person writes before words that are to be sealed."""

SEALED = "sealed:"
"""What stands before sealed words."""

_PUBLIC = "taggant-seal-public-1:"
_PRIVATE = "taggant-seal-private-1:"
_TOKEN = re.compile(rf"{SEALED}([A-Za-z0-9_-]{{100,}})")
_MAGIC = b"TAGSEAL1"
_NAME, _KEY, _TAG = 8, 32, 16
_MOST_CUSTODIANS = 255
_PADDED_TO = 256
"""Bytes: so that the length of a name tells little of it."""
_NONCE = bytes(12)  # each key encrypts one message only


@dataclass(frozen=True, slots=True)
class SealKey:
    """The public half of a custodian's key: it seals, and cannot open."""

    raw: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """Which key is this line?

        Raises
        ------
        InputError
            It is none, or the private half.
        """
        said = text.strip()
        if said.startswith(_PRIVATE):
            raise InputError(
                "this is the private half of a key",
                so_what="Who has it reads everything that is sealed; it must not stand in a case",
                next="Make a new key (taggant seal-key), and give its public line",
            )
        try:
            raw = base64.urlsafe_b64decode(said.removeprefix(_PUBLIC) + "=")
        except ValueError:
            raw = b""
        if not said.startswith(_PUBLIC) or len(raw) != _KEY:
            raise InputError(f"{said[:40]!r} is no key to seal to", next="Make one with taggant seal-key FILE")
        return cls(raw)

    @property
    def name(self) -> str:
        """The first digits of its sha256: how people tell keys apart."""
        return hashlib.sha256(self.raw).hexdigest()[: 2 * _NAME]

    @property
    def line(self) -> str:
        """The line for `case.toml`."""
        return _PUBLIC + base64.urlsafe_b64encode(self.raw).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class OpeningKey:
    """The private half: it opens what was sealed to its public one."""

    raw: bytes

    @classmethod
    def fresh(cls) -> Self:
        """Give a new one."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, file: Path) -> Self:
        """Which key is in this file?

        Raises
        ------
        InputError
            None is, or only the public half.
        """
        try:
            text = file.read_bytes()[:4096].decode("ascii", errors="replace").strip()
        except OSError as err:
            raise InputError(
                f"the key cannot be read: {err.strerror}", where=str(file), next="Name the file taggant seal-key wrote"
            ) from err
        try:
            raw = base64.urlsafe_b64decode(text.removeprefix(_PRIVATE) + "=") if text.startswith(_PRIVATE) else b""
        except ValueError:
            raw = b""
        if len(raw) != _KEY:
            half = "the public half of a key, which cannot open" if text.startswith(_PUBLIC) else "no key that opens"
            raise InputError(f"this file holds {half}", where=str(file), next="Name the file taggant seal-key wrote")
        return cls(raw)

    @property
    def public(self) -> SealKey:
        """What seals to it."""
        return SealKey(X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    def write(self, file: Path) -> None:
        """Write it to a new file only its owner may read.

        Raises
        ------
        InputError
            The file is there already.
        TaggantError
            It cannot be written.
        """
        text = _PRIVATE + base64.urlsafe_b64encode(self.raw).decode().rstrip("=") + "\n"
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as err:
            raise InputError(
                "the file is there already",
                where=str(file),
                so_what="A key that is written over opens nothing any more",
                next="Choose another name",
            ) from err
        except OSError as err:
            raise TaggantError(f"the key cannot be written: {err.strerror}", where=str(file)) from err
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())


def seal_text(text: str, keys: Sequence[SealKey]) -> str:
    """How do these words stand in a cell so that only the custodians can read them?

    Parameters
    ----------
    text : str
    keys : sequence of SealKey
        One custodian or several; each can open it alone.

    Returns
    -------
    str
        `sealed:` and letters; the same words never give the same twice, and short ones give the same length.

    Raises
    ------
    InputError
        No key is given, or too many.

    Notes
    -----
    *Assumes:* the private keys are kept apart from the case.
    *Not for:* names people search for: what is sealed is found by nobody.

    References
    ----------
    .. [1] RFC 7748 (X25519), RFC 5869 (HKDF), RFC 8439 (ChaCha20-Poly1305).

    Examples
    --------
    >>> key = OpeningKey.fresh()
    >>> unseal_text(seal_text("Olha", [key.public]), key)
    'Olha'
    """
    content = text.encode() + b"\x80"
    content += bytes(-len(content) % _PADDED_TO)
    return SEALED + base64.urlsafe_b64encode(seal_bytes(content, keys)).decode().rstrip("=")


def unseal_text(token: str, key: OpeningKey) -> str:
    """Which words are sealed here?

    Raises
    ------
    InputError
        It was sealed to other keys; or it is no sealed text.
    EvidenceBroken
        It is not what was sealed.
    """
    found = _TOKEN.fullmatch(token.strip())
    if found is None:
        raise InputError(f"{token[:40]!r} is no sealed text", next=f"Sealed text begins with {SEALED}")
    try:
        raw = base64.urlsafe_b64decode(found.group(1) + "=" * (-len(found.group(1)) % 4))
    except ValueError as err:
        raise _damaged() from err
    padded = unseal_bytes(raw, key)
    try:
        return padded[: padded.rindex(b"\x80")].decode()
    except ValueError as err:
        raise _damaged() from err


def seal_bytes(content: bytes, keys: Sequence[SealKey]) -> bytes:
    """Which bytes hold this content so that only the custodians can read it?

    Parameters
    ----------
    content : bytes
    keys : sequence of SealKey

    Returns
    -------
    bytes
        A mark, the number of custodians, a fresh public key, for each custodian the key's name and the content's key
        wrapped, then the content. All that stands before the content is bound to it.

    Raises
    ------
    InputError
        No key is given, or too many.

    Notes
    -----
    *Assumes:* the content fits into memory.
    *Not for:* signing: it does not say who sealed it.
    """
    named = {key.name: key for key in keys}
    if not named or len(named) > _MOST_CUSTODIANS:
        raise InputError(
            f"{len(named) or 'no'} keys are given to seal to",
            so_what="Nothing was sealed",
            next='Put the custodian\'s public line into case.toml: seal_to = ["taggant-seal-public-1:…"]',
        )
    fresh, inner = X25519PrivateKey.generate(), ChaCha20Poly1305.generate_key()
    public = fresh.public_key().public_bytes_raw()
    head = _MAGIC + bytes([len(named)]) + public
    for key in named.values():
        wrapping = _wrapping(fresh.exchange(X25519PublicKey.from_public_bytes(key.raw)), public, key.raw)
        head += bytes.fromhex(key.name) + ChaCha20Poly1305(wrapping).encrypt(_NONCE, inner, None)
    return head + ChaCha20Poly1305(inner).encrypt(_NONCE, content, head)


def unseal_bytes(sealed: bytes, key: OpeningKey) -> bytes:
    """Which content is sealed in these bytes?

    Raises
    ------
    InputError
        It was sealed to other keys: they are named.
    EvidenceBroken
        It is not what was sealed.
    """
    if not is_sealed_file(sealed):
        raise InputError("this is nothing that was sealed", next="Seal it with taggant seal")
    at, each = len(_MAGIC) + 1 + _KEY, _NAME + _KEY + _TAG
    n = sealed[len(_MAGIC)] if len(sealed) > len(_MAGIC) else 0
    end = at + n * each
    if n == 0 or len(sealed) < end + _TAG:
        raise _damaged()
    public, own = sealed[at - _KEY : at], key.public
    slots = {sealed[i : i + _NAME].hex(): sealed[i + _NAME : i + each] for i in range(at, end, each)}
    if own.name not in slots:
        raise InputError(
            f"it was sealed to the key{'s' * (n > 1)} {', '.join(slots)}, not to {own.name}",
            so_what="This key cannot open it",
            next="Ask the custodian whose key that is",
        )
    try:
        shared = X25519PrivateKey.from_private_bytes(key.raw).exchange(X25519PublicKey.from_public_bytes(public))
        inner = ChaCha20Poly1305(_wrapping(shared, public, own.raw)).decrypt(_NONCE, slots[own.name], None)
        return ChaCha20Poly1305(inner).decrypt(_NONCE, sealed[end:], sealed[:end])
    except (InvalidTag, ValueError) as err:
        raise _damaged() from err


def is_sealed_file(content: bytes) -> bool:
    """Whether these bytes begin as a sealed file does."""
    return content.startswith(_MAGIC)


def is_sealed(value: object) -> bool:
    """Whether this value of a row is sealed text."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _wrapping(shared: bytes, public: bytes, to: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=public + to, info=b"taggant seal 1").derive(shared)


def _damaged() -> EvidenceBroken:
    return EvidenceBroken(
        "what is sealed here was altered or cut short",
        next="Run taggant verify on the case, and restore it from a copy",
    )
