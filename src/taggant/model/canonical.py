"""One byte string for one value: the canonical JSON that every digest in Taggant is taken over.

Invariant: for the values allowed here — strings, integers below 2⁵³, true, false, null, lists and mappings of them, *no
floats* — sorted compact JSON is RFC 8785 (a test holds it against the `rfc8785` package).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import orjson

from taggant.errors import InputError

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"

INTEGER_LIMIT = 2**53
"""Above this a reader in another language (where numbers are doubles) would see another value."""


_HARMLESS = frozenset({str, bool, type(None)})


def canonical(value: Plain) -> bytes:
    """Which bytes stand for this value, whoever writes them?

    Parameters
    ----------
    value : str, int, bool, None, list or dict
        Nested plain values; no floats, integers strictly between −2⁵³ and 2⁵³, keys plain ASCII.

    Returns
    -------
    bytes
        UTF-8 JSON without spaces, keys sorted: RFC 8785 for these values.

    Raises
    ------
    InputError
        The value holds a float, an integer out of range, a key outside ASCII or a lone surrogate.

    Examples
    --------
    >>> canonical({"b": 1, "a": ["Ы", None]}).decode()
    '{"a":["Ы",null],"b":1}'
    """
    _check(value)
    return written(value)


def written(value: Plain) -> bytes:
    """Write a value that was checked: sorted, compact JSON.

    Raises
    ------
    InputError
        A text is no Unicode text.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, orjson.JSONEncodeError) as err:
        raise InputError(
            f"{value!r:.80} cannot be written as canonical JSON: {err}",
            next="Replace characters that are not Unicode text",
        ) from err


_KNOWN_NAMES: set[tuple[str, ...]] = set()
_MOST_KNOWN = 4096  # a table has a few sets of filled columns; what comes from outside must not grow this for ever


def is_flat(value: Mapping[str, object]) -> bool:
    """Whether this mapping holds text, truth, null, small integers and lists of text, under ASCII names.

    Then `canonical` cannot refuse it but for text that is none. A million rows share a handful of name sets, so the
    names are looked at once.
    """
    if not _HARMLESS.issuperset(map(type, value.values())):
        for inner in value.values():
            kind = type(inner)
            if kind in _HARMLESS:
                continue
            if kind is int:
                if not -INTEGER_LIMIT < inner < INTEGER_LIMIT:  # type: ignore[operator]
                    return False
            elif kind is not list or not _HARMLESS.issuperset(map(type, inner)):  # type: ignore[call-overload]
                return False
    names = tuple(value)
    if names in _KNOWN_NAMES:
        return True
    if not "".join(names).isascii():
        return False
    if len(_KNOWN_NAMES) < _MOST_KNOWN:
        _KNOWN_NAMES.add(names)
    return True


def _check(value: Plain) -> None:
    if isinstance(value, dict):
        # Sorting by code unit (RFC 8785) and by byte (ours) agree on ASCII; our column names are ASCII.
        if not "".join(value).isascii():
            name = next(key for key in value if not key.isascii())
            raise InputError(f"the name {name!r} has letters outside ASCII", next="Use ASCII names")
        # Nearly every value of every record is text or null: a row is answered in one step, not value by value.
        if not _HARMLESS.issuperset(map(type, value.values())):
            for inner in value.values():
                if type(inner) not in _HARMLESS:
                    _check(inner)
    elif isinstance(value, list):
        if not _HARMLESS.issuperset(map(type, value)):
            for inner in value:
                if type(inner) not in _HARMLESS:
                    _check(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        if not -INTEGER_LIMIT < value < INTEGER_LIMIT:
            raise InputError(f"the integer {value} does not fit below 2^53", next="Write it as text")
    elif value is not None and not isinstance(value, str | bool):
        raise InputError(
            f"{value!r} of type {type(value).__name__} is no plain value", next="Write numbers as decimal text"
        )


def digest(value: Plain) -> str:
    """Which sha256 names this value?

    Returns
    -------
    str
        64 hexadecimal digits of the sha256 over `canonical(value)`.

    Examples
    --------
    >>> digest({})
    '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    """
    return hashlib.sha256(canonical(value)).hexdigest()
