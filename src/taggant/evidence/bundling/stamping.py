"""Time stamps (RFC 3161): a third party's word for when a bundle was there.

Invariant: only a digest leaves this computer; what comes back is held against what was asked before it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit

from taggant.errors import InputError, TaggantError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SECONDS = 30
_LONGEST_ANSWER = 2**20
_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """What a time stamp shows.

    Attributes
    ----------
    at : str or None
        The moment, UTC.
    by : str or None
        Whose certificate is in it.
    is_authority_known : bool
        Whether its signature was held against a root that was given.
    wrong : str or None
        What is wrong with it; None: it fits.
    """

    at: str | None = None
    by: str | None = None
    is_authority_known: bool = False
    wrong: str | None = None


def authority(address: str, *, post: Callable[[str, bytes], bytes] | None = None) -> Callable[[bytes], bytes]:
    """Which function asks this authority to stamp some bytes?

    Parameters
    ----------
    address : str
        `https://…` or `http://…`; the answer is signed, so the way it comes does not matter.
    post : callable, optional
        Sends (address, question) and gives the answer; over the net by default.

    Returns
    -------
    callable
        Bytes → the answer as received (DER).

    Raises
    ------
    InputError
        It is no address.
    """
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
        raise InputError(
            f"{address!r} is no address of a time stamping authority", next="Give it as https://HOST/PATH (RFC 3161)"
        )
    send = post or _post

    def _stamp(content: bytes) -> bytes:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

        question = (
            TimestampRequestBuilder()
            .data(content)
            .hash_algorithm(HashAlgorithm.SHA256)
            .nonce(nonce=True)
            .cert_request(cert_request=True)
            .build()
        )
        answer = send(address, question.as_bytes())
        found = check_stamp(content, answer, None)
        if found.wrong is None and decode_timestamp_response(answer).tst_info.nonce != question.nonce:
            found = Stamped(wrong="it answers another question (the nonce differs)")
        if found.wrong is not None:
            raise TaggantError(
                f"the authority's answer cannot be used: {found.wrong}",
                where=address,
                so_what="No bundle was made",
                next="Ask another authority, or leave --timestamp out",
            )
        return answer

    return _stamp


def check_stamp(content: bytes, answer: bytes, roots: Path | None) -> Stamped:
    """Does this answer of a time stamping authority stamp these bytes?

    Parameters
    ----------
    content : bytes
    answer : bytes
        DER, as received.
    roots : Path, optional
        Certificates (PEM) that are trusted. Without them the authority's own signature is not checked: its certificate
        cannot be held against anything.

    Returns
    -------
    Stamped

    References
    ----------
    .. [1] Adams, C., et al. (2001). Internet X.509 PKI Time-Stamp Protocol. RFC 3161.
    """
    from cryptography import x509
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        response = decode_timestamp_response(answer)
        if response.status not in (0, 1):
            return Stamped(wrong=f"the authority refused (status {response.status}): {_words(response.status_string)}")
        imprint = response.tst_info.message_imprint
        at = response.tst_info.gen_time.strftime("%Y-%m-%dT%H:%M:%SZ")
        certificates = [x509.load_der_x509_certificate(c) for c in response.signed_data.certificates]
        signers = {(s.issuer, s.serial_number) for s in response.signed_data.signer_infos}
        names = [c.subject.rfc4514_string() for c in certificates if (c.issuer, c.serial_number) in signers]
    except ValueError as err:
        return Stamped(wrong=f"it is no answer of an authority: {err}")
    by = names[0] if names else "an authority whose certificate is not in the stamp"
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != hashlib.sha256(content).digest():
        return Stamped(wrong=f"it stamps other bytes than these (of {at}, by {by})")
    if roots is None:
        return Stamped(at=at, by=by)
    try:
        VerifierBuilder(roots=_read_roots(roots)).build().verify_message(response, content)
    except VerificationError as err:
        return Stamped(wrong=f"the signature of {by} does not lead to a root that was given: {err}")
    return Stamped(at=at, by=by, is_authority_known=True)


def _read_roots(file: Path) -> list[Certificate]:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except OSError as err:
        raise InputError(f"the certificates cannot be read: {err.strerror}", where=str(file)) from err
    except ValueError as err:
        raise InputError("this file holds no certificate", where=str(file), next="Give certificates as PEM") from err


def _words(said: Sequence[str]) -> str:
    return "; ".join(said) or "no reason is given"


def _post(address: str, question: bytes) -> bytes:
    from urllib.request import Request, urlopen

    request = Request(  # noqa: S310 — the scheme was looked at
        address, data=question, headers={"Content-Type": "application/timestamp-query"}, method="POST"
    )
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            content: bytes = answer.read(_LONGEST_ANSWER + 1)
    except (URLError, OSError, ValueError) as err:
        raise TaggantError(
            f"the time stamping authority cannot be reached: {err}",
            where=address,
            so_what="No bundle was made",
            next="Try again, or leave --timestamp out: a stamp can be had later only by making the bundle again",
        ) from err
    if len(content) > _LONGEST_ANSWER:
        raise TaggantError("the answer is too long for a time stamp", where=address, so_what="No bundle was made")
    return content
