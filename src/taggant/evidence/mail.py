"""Messages: header lines, the text, and what is attached.

Invariant: a name in a message is a word about it, never a path.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser

from taggant.writing.decoding import decode_text

_PARTS = 1_000
"""Parts of one message that are looked at."""


def message_of(content: bytes) -> EmailMessage:
    """Which message do these bytes state?"""
    # email's parser never raises on odd input; what it could not follow stands in `defects`.
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)


def message_text(message: EmailMessage) -> tuple[str, bool]:
    """Give the text of a message, and whether it is a web page."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", False
    content = part.get_payload(decode=True)
    declared = part.get_content_charset()
    text = decode_text(content, declared=declared).text if isinstance(content, bytes) else str(part.get_payload())
    return text, part.get_content_type() == "text/html"


def attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Give name and bytes of what is attached: files, pictures, and messages within the message."""
    body = message.get_body(preferencelist=("plain", "html"))
    for n, part in enumerate(_leaves(message), start=1):
        if n > _PARTS:
            raise ValueError(f"the message has more than {_PARTS:,} parts")
        if part is body or (part.get_content_maintype() == "text" and not part.get_filename()):
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            content = first.as_bytes() if isinstance(first, Message) else b""
            yield _name(part, n, "eml"), content
            continue
        decoded = part.get_payload(decode=True)
        if isinstance(decoded, bytes) and decoded:
            yield _name(part, n, "bin"), decoded


def _name(part: EmailMessage, n: int, suffix: str) -> str:
    return part.get_filename() or f"part-{n}.{suffix}"


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something; what stands in a message within the message is that one's."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            inside = part.get_payload()
            if isinstance(inside, list):
                waiting.extend(p for p in reversed(inside) if isinstance(p, EmailMessage))
        else:
            yield part
