"""The parts of a mark, with where they stand: part number, package and grade, lot, country, names.

Invariant: every span is a slice of the text as stated; a part number read from several pieces says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from taggant.identification.tokens import Token
from taggant.model.result import Json
from taggant.reference import PartFamily, family_of
from taggant.writing.lookalikes import latin_twins

_COUNTRIES = {
    "CN": ("CHINA", "CHN", "PRC", "КИТАЙ"), "TW": ("TAIWAN", "TWN", "ROC"), "MY": ("MALAYSIA", "MYS", "MAS", "MALAY"),
    "PH": ("PHILIPPINES", "PHIL", "PHL", "PHI"), "TH": ("THAILAND", "THA", "THAI"), "KR": ("KOREA", "KOR"),
    "JP": ("JAPAN", "JPN"), "SG": ("SINGAPORE", "SGP"), "MX": ("MEXICO", "MEX"), "MA": ("MOROCCO", "MAR"),
    "MT": ("MALTA", "MLT"), "US": ("USA", "U.S.A"), "DE": ("GERMANY", "DEU"), "IE": ("IRELAND", "IRL"),
    "FR": ("FRANCE", "FRA"), "GB": ("ENGLAND", "GBR"), "IT": ("ITALY", "ITA"), "PT": ("PORTUGAL", "PRT"),
    "ID": ("INDONESIA", "IDN"), "VN": ("VIETNAM", "VNM"), "IL": ("ISRAEL", "ISR"), "HU": ("HUNGARY", "HUN"),
    "RU": ("RUSSIA", "РОССИЯ"), "BY": ("BELARUS", "БЕЛАРУСЬ"), "AT": ("AUSTRIA",), "CH": ("SWITZERLAND",),
    "CZ": ("CZECHIA",), "SV": ("SALVADOR",), "HK": ("HONGKONG",),
}  # fmt: skip
_COUNTRY_OF = {word: code for code, words in _COUNTRIES.items() for word in words}
_STEMS = {
    re.compile(r"TMS320|TMS370|TMS470|TMS570|SMJ320|TMS34"): re.compile(r"[A-Z]{1,3}\d{2,}[A-Z0-9-]*"),
    re.compile(r"OMAP"): re.compile(r"[LD]?[M]?\d{3,}[A-Z0-9-]*"),
    re.compile(r"TEN|TEL|TMR|TSR|THN|TES|TEC|THD"): re.compile(r"\d{1,2}-\d{4}[A-Z]*"),
    re.compile(r"(?i:ATX?MEGA|ATTINY)"): re.compile(r"\d{1,4}[A-Z0-9-]*"),
    re.compile(r"PHD"): re.compile(r"13\d{3}"),
    re.compile(r"ADXL|ADXRS|ADIS|ADSP|ADG|ADM|ADF|AD|LTC?|LTM|MAX|DS|OPA?|INA|REF|LM|HMC|MIC|MCP|PIC|ISL|SN74\w{0,4}|"
               r"XC|EP\dC|STM32|STM8|LPC|MK|TPS|TLV|IR|IRF|BTS|TLE|CY|W25Q?|MT|K\d|IS|PE|SKY|NEO|ZED|LEA"): re.compile(
        r"\d{3,}[A-Z0-9-]*"
    ),
}  # fmt: skip
_TAIL = {
    "analog-devices": re.compile(r"[A-DSTJK]?(?:CP|R[MTUJSQNW]|B[CP]|S[TPUW]|KS|CB|EZ|EP|UJ|YS)Z?(?:-\w+)?|BBCZ"),
    "maxim": re.compile(r"[CEMAG][A-Z]{2}\+?T?"),
    "stmicroelectronics": re.compile(r"[CRVZITGKFNEMBQ][468BCDEFGHIZ][THUYPVIJMK][3567]\w{0,2}"),
    "xilinx": re.compile(r"(?:-\d[A-Z]*)?[CFST]?[FLSBTPVQ][A-Z]?[GV]?\d{3,4}\w{0,4}"),
}
"""Endings that are printed on a line of their own, by maker: package, grade, temperature."""
_NAME_OF_A_LINE = re.compile(r"[^\W\d_]{3,}(?:-\d)?")
"""A word without digits (Cyclone, Teseo), or with one behind a hyphen (Artix-7): a name, no number."""
_SHORT_NUMBER = re.compile(r"\d{4}[A-Z]?", re.ASCII)
"""Analog Devices prints small packages without the letters AD (8231 ACPZ, 1755 ADJ #032), Intersil without ISL."""
_INTERSIL_TAIL = re.compile(r"[ACFIM][ABRUV]{1,2}Z(?:-T)?")
"""Temperature, package, lead-free: 8843 MBZ is ISL8843MBZ."""
_NAMED_NUMBER = re.compile(r"(?:P/?N|PART|NO|NUMBER|MODEL|TYPE|MPN|ТИП|МОДЕЛЬ)\.?:?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:№|N[o°º]\.?|P/N:?|MPN:?)(?=\S{3})")
"""A sign for "number" run on to it: №10089982."""
_GROUPS_OF_DIGITS = re.compile(r"\d{1,6}(?:[-.]\d{1,7}){2,4}|\d{5,6}-\d{4}")
"""Numbers without letters, in groups: 11-0020-8, 7.21440.63.0; a day such as 12.05.2021 is none."""
_DAY = re.compile(r"\d{1,2}[-.]\d{1,2}[-.](?:19|20)?\d\d|(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}")
_UNITS = re.compile(
    r"\d+[.,]?\d*(?:[kKMGmuµnp]?(?:Hz|HZ|V|A|W|F|H|Ah|AH|mAh|Ohm|B)|bit|mm|mil|dB|dBi|KV|rpm|pin|°C)"
    r"|[A-Z]{2,5}-?\d{3}|IEEE\d*|IP\d\d|RoHS|ROHS|\d+x\d+|\d+(?:st|nd|rd|th)|USB\d?(?:\.\d)?",
    re.ASCII,
)
_INTERFACES = re.compile(
    r"RS-?(?:232|422|485)|I2C|RJ-?45|CAN\d?|SMA\d?|DDR\d\w?|LPDDR\d\w?|USB\d?(?:[.-]\d)?[A-C]?|E?MMC|MIL-?STD-?\w*|EIA-?\d+"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOTTISH = re.compile(r"(?=[A-Z0-9.-]*\d)[A-Z0-9][A-Z0-9.-]{2,}|[A-Z]{4,8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One part of a mark: its kind, its letters, its place; and, for a country, its code."""

    kind: str
    text: str
    start: int
    end: int
    means: str | None = None

    def as_json(self) -> Json:
        """Give it for `decode --json`."""
        return {"kind": self.kind, "text": self.text, "span": [self.start, self.end], "means": self.means}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNumber:
    """The part number of a mark.

    Attributes
    ----------
    text : str
        As one would look it up: pieces joined.
    start, end : int
        From the first to the last character of it, half-open.
    family : PartFamily or None
        The family it fits; None: told by its form alone.
    basis : str
        `part family` or `form`.
    ending : str or None
        Package, grade and packing behind what names the family, where that can be told apart.
    tokens : tuple of (int, int)
        Spans of the pieces it is joined from.
    """

    text: str
    start: int
    end: int
    family: PartFamily | None
    basis: str
    ending: str | None
    tokens: tuple[tuple[int, int], ...]


def family_in(word: str) -> PartFamily | None:
    """Which family does a word of a mark fit, as printed or with look-alikes of one alphabet?

    Parameters
    ----------
    word : str
        One piece of the mark.

    Returns
    -------
    PartFamily or None
        None also for one or two letters: too little to tell anything.

    Notes
    -----
    *Assumes:* a word that mixes alphabets, or is typed in small letters, means the one that fits.
    *Not for:* misread letters (`part_index`).

    Examples
    --------
    >>> family_in("М8030-КТ").maker_id
    'u-blox'
    """
    if len(word) < 3:
        return None
    found = family_of(word)
    if found is None and (twin := latin_twins(word)) != word:
        found = family_of(twin)
    if found is None and len(word) >= 6 and any(c.isdigit() for c in word) and word != word.upper():
        found = family_of(word.upper())
    return found


def part_numbers(pieces: Sequence[Token], *, taken: Collection[tuple[int, int]] = ()) -> tuple[PartNumber, ...]:
    """Which part numbers does the mark print, best first?

    Parameters
    ----------
    pieces : sequence of Token
        The mark in pieces.
    taken : collection of (int, int)
        Spans already read as something else (a date code, a lot).

    Returns
    -------
    tuple of PartNumber
        Those a family tells first, in the order of the mark; then the one that has the best form. Empty: none.

    Notes
    -----
    *Assumes:* a part number stands before lot and date, or is named by words (P/N, model).
    *Not for:* several parts in one text: all that fit a family are given, one is given by form.

    Examples
    --------
    >>> from taggant.identification.tokens import tokens
    >>> part_numbers(tokens("microcontroller TMS320 F28335PGFA G4A-22AXTXW G4"))[0].text
    'TMS320F28335PGFA'
    """
    whole = [p for p in pieces if not p.is_after_hyphen]
    found: list[PartNumber] = []
    used: set[tuple[int, int]] = set()
    for n, piece in enumerate(whole):
        if (piece.start, piece.end) in used or (piece.start, piece.end) in taken:
            continue
        joined = _joined(whole, n, taken)
        if joined is None:
            continue
        used.update(joined.tokens)
        found.append(joined)
    owned = [p for p in found if p.family is not None and not p.family.is_generic]
    numbers = [p for p in owned if not _NAME_OF_A_LINE.fullmatch(p.text)]
    names = [p for p in owned if p not in numbers]
    generic = [p for p in found if p not in owned]
    by_form = _by_form(whole, {*taken, *used}) if not numbers and not generic else None
    if by_form is not None and names:
        # ARTIX-7 or MOLEX tells whose it is; the number is what stands beside it.
        by_form = replace(by_form, family=names[0].family)
        return (by_form, *names)
    return (*numbers, *generic, *names, *((by_form,) if by_form else ()))


def _joined(whole: Sequence[Token], n: int, taken: Collection[tuple[int, int]]) -> PartNumber | None:
    head = whole[n]
    following = whole[n + 1] if n + 1 < len(whole) else None
    if following is not None and ((following.start, following.end) in taken or following.is_quantity):
        following = None
    if following is not None:
        for stem, tail in _STEMS.items():
            if stem.fullmatch(head.text) and tail.fullmatch(following.text):
                together = family_in(head.text + following.text)
                if together is not None:
                    return _number((head, following), together)
    family = family_in(head.text)
    if family is None or _INTERFACES.fullmatch(head.text):
        if following is not None and _SHORT_NUMBER.fullmatch(head.text):
            adi = _TAIL["analog-devices"].fullmatch(following.text)
            if adi or _INTERSIL_TAIL.fullmatch(following.text) or following.text == "ADJ":
                return _number((head, following), None)
        return None
    tail_of = _TAIL.get(family.maker_id or "")
    if following is not None and tail_of is not None and tail_of.fullmatch(following.text) and len(head.text) <= 10:
        return _number((head, following), family)
    return _number((head,), family)


def _number(of: tuple[Token, ...], family: PartFamily | None) -> PartNumber:
    text = "".join(t.text for t in of)
    ending = None
    if family is not None:
        match = family.pattern.match(text)
        rest = text[match.end() :] if match else ""
        letters = re.search(r"(?<=\d)[A-Z][A-Z0-9+/-]*$", text)
        ending = letters[0] if letters and (rest or len(of) > 1) else None
    return PartNumber(
        text=text,
        start=of[0].start,
        end=of[-1].end,
        family=family,
        basis="part family" if family is not None else "form",
        ending=ending,
        tokens=tuple((t.start, t.end) for t in of),
    )


def _by_form(whole: Sequence[Token], taken: Collection[tuple[int, int]]) -> PartNumber | None:
    """The piece that looks most like a part number; None when none does."""
    best: tuple[float, Token] | None = None
    for n, printed in enumerate(whole):
        sign = _NUMBERED.match(printed.text)
        piece = replace(printed, text=printed.text[sign.end() :], start=printed.start + sign.end()) if sign else printed
        text = piece.text
        if (piece.start, piece.end) in taken or piece.is_quantity or not any(c.isdigit() for c in text):
            continue
        named = sign is not None or (n > 0 and bool(_NAMED_NUMBER.fullmatch(whole[n - 1].text)))
        named = named or bool(_GROUPS_OF_DIGITS.fullmatch(text) and not _DAY.fullmatch(text) and len(text) >= 8)
        if not named and (_UNITS.fullmatch(text) or _INTERFACES.fullmatch(text)):
            continue
        letters, digits = sum(c.isalpha() for c in text), sum(c.isdigit() for c in text)
        if not named and (len(text) < 4 or (not letters and (len(whole) > 1 or len(text) < 5))):
            continue
        score = 4.0 * named + 1.0 * text[0].isalpha() + 0.5 * (letters >= 2) + 0.5 * (digits >= 2)
        score += 0.5 * ("-" in text) + 0.25 * (len(text) >= 6) - 0.3 * n / max(len(whole), 1) - 2.0 * (not letters)
        score -= 1.0 * ("=" in text or ":" in text) + 0.5 * any(c.islower() for c in text)
        if best is None or score > best[0]:
            best = (score, piece)
    return None if best is None or best[0] < 0.5 else _number((best[1],), None)


def other_pieces(
    pieces: Sequence[Token], number: PartNumber | None, date_span: tuple[int, int] | None
) -> tuple[Piece, ...]:
    """Which countries, lots and words stand beside part number and date code?

    Parameters
    ----------
    pieces : sequence of Token
        The mark in pieces.
    number : PartNumber or None
        What was read as its part number.
    date_span : (int, int) or None
        Where its date code stands.

    Returns
    -------
    tuple of Piece
        Kinds: `country marked`, `lot` (a code behind the date code), `code` (not told), `word`.

    Notes
    -----
    *Assumes:* a country marked is where the maker says the part was assembled; it is no customs origin.
    *Not for:* telling what each letter of a lot means.

    Examples
    --------
    >>> from taggant.identification.tokens import tokens
    >>> [p.means for p in other_pieces(tokens("STM32G071 149R CHN"), None, None) if p.kind == "country marked"]
    ['CN']
    """
    taken = set(number.tokens) if number is not None else set()
    found: list[Piece] = []
    is_behind = False
    for piece in (p for p in pieces if not p.is_after_hyphen):
        span = (piece.start, piece.end)
        if date_span is not None and span[0] <= date_span[0] and date_span[1] <= span[1]:
            is_behind = True
            continue
        if span in taken:
            continue
        upper = piece.text.upper()
        if upper in _COUNTRY_OF and (len(upper) > 3 or piece.text == upper):
            kind, means = "country marked", _COUNTRY_OF[upper]
        elif is_behind and date_span is not None and _LOTTISH.fullmatch(piece.text):
            kind, means, is_behind = "lot", None, False
        elif _WORD.fullmatch(piece.text) and not piece.text.isupper():
            kind, means = "word", None
        else:
            kind, means = "code", None
        found.append(Piece(kind=kind, text=piece.text, start=piece.start, end=piece.end, means=means))
    return tuple(found)
