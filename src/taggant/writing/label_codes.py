"""What a barcode holds: the fields of GS1 and of ANSI MH10.8.2, with their meaning.

Invariant: nothing is guessed. A text that follows neither form is given back whole, without fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_GROUP, _RECORD, _END = "\x1d", "\x1e", "\x04"

# ANSI MH10.8.2 data identifiers seen on electronic parts and packages.
_MH10 = {
    "P": "part number of the customer", "1P": "part number of the supplier",
    "30P": "part number of the supplier, short",
    "2P": "version of the part", "9D": "date code", "10D": "date code (year and week)", "11D": "day made",
    "14D": "last day of use", "16D": "day made", "1T": "lot", "T": "lot", "S": "serial number", "Q": "quantity",
    "K": "order", "1K": "delivery note", "V": "supplier", "1V": "maker", "21V": "supplier", "4L": "country of origin",
    "20L": "country of the first process", "21L": "country of assembly", "23L": "place", "3S": "package number",
    "4S": "package number", "E": "moisture class", "L": "place", "2Q": "weight", "13Q": "package of",
}  # fmt: skip

# GS1 application identifiers: meaning, and the length of the value when it is fixed.
_GS1: dict[str, tuple[str, int | None]] = {
    "00": ("package number", 18), "01": ("trade item", 14), "02": ("trade item inside", 14), "10": ("lot", None),
    "11": ("day made", 6), "13": ("day packed", 6), "15": ("best before", 6), "17": ("last day of use", 6),
    "20": ("variant", 2), "21": ("serial number", None), "22": ("variant of a consumer product", None),
    "30": ("quantity", None), "37": ("quantity", None), "240": ("part number, additional", None),
    "241": ("part number of the customer", None), "250": ("serial number, second", None), "400": ("order", None),
    "414": ("place", 13), "422": ("country of origin", 3), "8004": ("asset", None), "8008": ("moment made", None),
    "90": ("agreed between partners", None), "91": ("company's own", None), "92": ("company's own", None),
}  # fmt: skip
_MH10_FIELD = re.compile(r"(\d{0,3}[A-Z])(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelField:
    """One field of a barcode.

    Attributes
    ----------
    identifier : str
        As printed: `1T`, `10`.
    meaning : str
    value : str
    made : tuple of date, or None
        For a date the form defines: half-open, first day and first day after.
    doubt : str or None
        What does not hold: a check digit, a month 13.
    """

    identifier: str
    meaning: str
    value: str
    made: tuple[date, date] | None = None
    doubt: str | None = None

    def as_json(self) -> dict[str, object]:
        """Give the field as plain values."""
        made = None if self.made is None else [day.isoformat() for day in self.made]
        return {"identifier": self.identifier, "meaning": self.meaning, "value": self.value, "made": made,
                "doubt": self.doubt}  # fmt: skip


def label_fields(text: str) -> tuple[str | None, tuple[LabelField, ...]]:
    r"""Which fields does a barcode hold?

    Parameters
    ----------
    text : str
        As decoded, control characters kept.

    Returns
    -------
    form : str or None
        "MH10.8.2", "GS1", or None for free text.
    fields : tuple of LabelField
        In order; empty for free text.

    Notes
    -----
    *Assumes:* ISO/IEC 15434 envelopes (``[)>`` RS 06 GS … for data identifiers, 05 for GS1), GS1 with its group
    separators or in brackets, or one single data identifier as linear codes print them.
    Years of GS1 dates follow the General Specifications, 7.12: within 50 years on either side of 2026.
    *Not for:* deciding the century or the calendar of a maker's own date code: `9D` is kept as text, unless it is four
    digits that can be year and week.

    References
    ----------
    ANSI MH10.8.2 (Data Identifiers); GS1 General Specifications, section 3; ISO/IEC 15434.

    Examples
    --------
    >>> form, fields = label_fields("[)>\x1e06\x1d1PTH12A\x1d9D2214\x1d1TL7\x1e\x04")
    >>> form, [(f.identifier, f.value) for f in fields], fields[1].made[0].isoformat()
    ('MH10.8.2', [('1P', 'TH12A'), ('9D', '2214'), ('1T', 'L7')], '2022-04-04')
    >>> label_fields("(10)AB7(11)231305")[1][1].doubt
    'month 13'
    >>> label_fields("hello")
    (None, ())
    """
    if text.startswith("[)>"):
        head, _, rest = text.partition(_GROUP)
        body = rest.split(_RECORD, 1)[0].rstrip(_END)
        if head.endswith("05"):
            return "GS1", _gs1(body)
        return "MH10.8.2", tuple(f for f in map(_mh10, body.split(_GROUP)) if f is not None)
    if text.startswith(("(", _GROUP)) or (_GROUP in text and re.match(r"0[012]\d", text)):
        fields = _bracketed(text) if text.startswith("(") else _gs1(text.lstrip(_GROUP))
        return ("GS1", fields) if fields else (None, ())
    if re.fullmatch(r"01\d{14}(1[0135-7]|10|21).*", text) and _has_check_digit(text[2:16]):
        return "GS1", _gs1(text)
    single = re.fullmatch(r"(1P|30P|1T|9D|10D|16D|4L|1V|3S|4S)([0-9A-Za-z./+_-]{2,40})", text)
    field = None if single is None else _mh10(text)
    return ("MH10.8.2", (field,)) if field is not None else (None, ())


def _mh10(part: str) -> LabelField | None:
    match = _MH10_FIELD.fullmatch(part)
    if match is None:
        return None
    identifier, value = match[1], match[2]
    meaning = _MH10.get(identifier, "not in our table")
    made, doubt = None, None
    if identifier in ("9D", "10D") and re.fullmatch(r"\d{4}", value):
        made, doubt = _year_week(int(value[:2]), int(value[2:]))
    elif identifier in ("11D", "14D", "16D") and re.fullmatch(r"\d{8}", value):
        made, doubt = _day(int(value[:4]), int(value[4:6]), int(value[6:]))
    return LabelField(identifier=identifier, meaning=meaning, value=value, made=made, doubt=doubt)


def _bracketed(text: str) -> tuple[LabelField, ...]:
    parts = re.findall(r"\((\d{2,4})\)([^()]*)", text)
    return tuple(_gs1_field(identifier, value) for identifier, value in parts if identifier in _GS1)


def _gs1(text: str) -> tuple[LabelField, ...]:
    found: list[LabelField] = []
    while text:
        identifier = next((text[:n] for n in (4, 3, 2) if text[:n] in _GS1), None)
        if identifier is None:
            found.append(LabelField(identifier="", meaning="not in our table", value=text.replace(_GROUP, " ").strip()))
            break
        length = _GS1[identifier][1]
        rest = text[len(identifier) :]
        value, text = (
            rest.split(_GROUP, 1)
            if length is None and _GROUP in rest
            else (rest[:length], rest[length:] if length else "")
        )
        text = text.lstrip(_GROUP)
        found.append(_gs1_field(identifier, value))
    return tuple(found)


def _gs1_field(identifier: str, value: str) -> LabelField:
    meaning, length = _GS1[identifier]
    made, doubt = None, None
    if length is not None and len(value) != length:
        doubt = f"{len(value)} characters where {length} belong"
    elif identifier in ("00", "01", "02", "414") and not _has_check_digit(value):
        doubt = "the check digit does not fit"
    elif identifier in ("11", "13", "15", "17") and value.isdigit():
        year = int(value[:2])
        made, doubt = _day(year + (2000 if year <= 76 else 1900), int(value[2:4]), int(value[4:]))
    return LabelField(identifier=identifier, meaning=meaning, value=value, made=made, doubt=doubt)


def _has_check_digit(digits: str) -> bool:
    if not digits.isdigit():
        return False
    weighted = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits[:-1])))
    return (weighted + int(digits[-1])) % 10 == 0


def _year_week(year: int, week: int) -> tuple[tuple[date, date] | None, str | None]:
    try:
        first = date.fromisocalendar(2000 + year, week, 1)
    except ValueError:
        return None, f"week {week}"
    return (first, first + timedelta(days=7)), None


def _day(year: int, month: int, day: int) -> tuple[tuple[date, date] | None, str | None]:
    if not 1 <= month <= 12:
        return None, f"month {month}"
    if day == 0:  # GS1: only the month is known
        return (date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)), None
    try:
        first = date(year, month, day)
    except ValueError:
        return None, f"day {day}"
    return (first, first + timedelta(days=1)), None
