"""Where a thing stands on a page, and which addresses a page may lead to.

Invariant: two things never share an anchor, and nothing but http(s) is ever linked.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def anchor(kind: str, key: str) -> str:
    """Which anchor stands for this thing on a page?

    Parameters
    ----------
    kind : str
        Table: component, item, source…
    key : str
        Its key there, in any letters.

    Returns
    -------
    str
        Letters, digits, `-` and `_` only. Different keys never share one.

    Notes
    -----
    *Assumes:* `kind` is a name of ours, not text from outside.
    *Not for:* file names.

    Examples
    --------
    >>> anchor("component", "gur-663"), anchor("item", "Ы 1")
    ('c-gur-663', 'item-_42b__20_1')
    """
    short = {"component": "c"}.get(kind, kind)
    return f"{short}-" + "".join(c if re.fullmatch(r"[A-Za-z0-9-]", c) else f"_{ord(c):x}_" for c in key)


def web_address(text: str | None) -> str | None:
    """Is this a web address a page may link to?

    Parameters
    ----------
    text : str or None

    Returns
    -------
    str or None
        The address as written when it is http or https with a host; else None.

    Notes
    -----
    *Assumes:* the reader decides whether to follow it.
    *Not for:* fetching.

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
