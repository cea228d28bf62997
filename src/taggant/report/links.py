"""Where a thing stands on a page, and which addresses a page may lead to.

Invariant: two things never share an anchor, and nothing but http(s) is ever linked.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def anchor(kind: str, key: str) -> str:
    """Which anchor stands for this thing on a page? Different keys never share one; it holds no white space.

    Examples
    --------
    >>> anchor("component", "gur-663"), anchor("item", "Ы 1")
    ('c-gur-663', 'item-_42b__20_1')
    """
    short = {"component": "c"}.get(kind, kind)
    return f"{short}-" + "".join(c if re.fullmatch(r"[A-Za-z0-9-]", c) else f"_{ord(c):x}_" for c in key)


def web_address(text: str | None) -> str | None:
    """Is this a web address a page may link to? Only http and https with a host; else None.

    Examples
    --------
    >>> web_address("javascript:alert(1)") is None
    True
    """
    if text is None or any(c.isspace() or ord(c) < ord(" ") for c in text):
        return None
    try:
        split = urlsplit(text)
        host = split.hostname
    except ValueError:  # a malformed host or port: kept and shown as text, never linked
        return None
    return text if split.scheme in {"http", "https"} and host else None
