"""A time stamping authority run by the test itself: a root, a certificate, and an answer to each question (RFC 3161).

Written down to the byte, because no library at hand makes a stamp; `openssl` and `rfc3161-client` read what it gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_SHA256 = "2.16.840.1.101.3.4.2.1"
_RSA = "1.2.840.113549.1.1.1"


def der(tag: int, *parts: bytes) -> bytes:
    """One value of ASN.1 in DER: tag, length, content."""
    content = b"".join(parts)
    n = len(content)
    size = n.to_bytes((n.bit_length() + 7) // 8 or 1, "big")
    length = size if n < 0x80 else bytes([0x80 | len(size)]) + size
    return bytes([tag]) + length + content


def integer(n: int) -> bytes:
    """An INTEGER."""
    return der(0x02, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytearray([40 * first + second])
    for part in rest:
        some = [part & 0x7F]
        while part := part >> 7:
            some.append(0x80 | (part & 0x7F))
        content += bytes(reversed(some))
    return der(0x06, bytes(content))


def _pieces(content: bytes) -> list[tuple[int, bytes, bytes]]:
    """The values one after another in some DER: tag, content, whole."""
    found = []
    while content:
        n, start = content[1], 2
        if n & 0x80:
            start += n & 0x7F
            n = int.from_bytes(content[2:start], "big")
        found.append((content[0], content[start : start + n], content[: start + n]))
        content = content[start + n :]
    return found


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(slots=True)
class Authority:
    """One authority; `at` is what its clock says."""

    at: datetime = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    status: int = 0
    nonce_shift: int = 0
    root_key: rsa.RSAPrivateKey = field(default_factory=_key)
    key: rsa.RSAPrivateKey = field(default_factory=_key)

    def root(self) -> x509.Certificate:
        """Its root certificate."""
        return (
            self._unsigned("An invented root", "An invented root", self.root_key, 1)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )

    def certificate(self) -> x509.Certificate:
        """The certificate it stamps with."""
        use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        unsigned = self._unsigned("An invented authority", "An invented root", self.key, 2)
        return unsigned.add_extension(use, critical=True).sign(self.root_key, hashes.SHA256())

    def write_root(self, file: Path) -> Path:
        """Write the root certificate as PEM."""
        file.write_bytes(self.root().public_bytes(serialization.Encoding.PEM))
        return file

    @staticmethod
    def _unsigned(subject: str, issuer: str, key: rsa.RSAPrivateKey, number: int) -> x509.CertificateBuilder:
        begin = datetime(2020, 1, 1, tzinfo=UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(number)
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=36_500))
        )

    def answer(self, question: bytes) -> bytes:
        """Stamp what this TimeStampReq asks for (RFC 3161 §2.4)."""
        if self.status:
            return der(0x30, der(0x30, integer(self.status), der(0x30, der(0x0C, b"not today"))))
        (_, request, _) = _pieces(question)[0]
        parts = _pieces(request)
        imprint = parts[1][2]
        nonce = next(int.from_bytes(content, "big") for tag, content, _ in parts[2:] if tag == 0x02)
        info = der(
            0x30, integer(1), oid("1.2.3.4.1"), imprint, integer(7),
            der(0x18, self.at.strftime("%Y%m%d%H%M%SZ").encode()), integer(nonce + self.nonce_shift),
        )  # fmt: skip
        return der(0x30, der(0x30, integer(0)), self._token(info))

    def _token(self, info: bytes) -> bytes:
        """The CMS around it (RFC 5652 §5)."""
        certificate = self.certificate()
        whole = certificate.public_bytes(serialization.Encoding.DER)
        sha256 = der(0x30, oid(_SHA256))
        ess = der(0x30, der(0x30, der(0x30, der(0x04, hashlib.sha256(whole).digest()))))
        attributes = sorted(
            der(0x30, oid(name), der(0x31, value))
            for name, value in (
                ("1.2.840.113549.1.9.3", oid(_TST_INFO)),
                ("1.2.840.113549.1.9.4", der(0x04, hashlib.sha256(info).digest())),
                ("1.2.840.113549.1.9.16.2.47", ess),
            )
        )
        signature = self.key.sign(der(0x31, *attributes), padding.PKCS1v15(), hashes.SHA256())
        signer = der(
            0x30, integer(1), der(0x30, certificate.issuer.public_bytes(), integer(certificate.serial_number)), sha256,
            der(0xA0, *attributes), der(0x30, oid(_RSA), der(0x05)), der(0x04, signature),
        )  # fmt: skip
        signed = der(
            0x30, integer(3), der(0x31, sha256), der(0x30, oid(_TST_INFO), der(0xA0, der(0x04, info))),
            der(0xA0, whole), der(0x31, signer),
        )  # fmt: skip
        return der(0x30, oid(_SIGNED_DATA), der(0xA0, signed))


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """Answer over HTTP on this machine alone; give the address."""

    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            content = authority.answer(question)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
