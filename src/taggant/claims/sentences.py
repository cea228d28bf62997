"""Sentences of a paragraph, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"(?:[.!?…؟]+|\.{3})[\"”»’“')\]]*(?=\s+[\"“„«‘'(\[–—-]*\s?[\w]|$)")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|mr|mrs|ms|dr|st|gen|col|lt|maj|sgt|capt|prof|no|nos|vs|approx|est|u\.s|u\.k|u\.n|e\.g|i\.e|inc|ltd|co|jan|feb|mar|apr|jun|jul|"
    r"aug|sept?|oct|nov|dec|тыс|млн|млрд|им|ул|св|стр|рис|т\.е|т\.д|напр|ред|прим|руб|долл|гг|рр|тис|грн|"
    r"nr|bzw|ca|dr|prof|mio|mrd|tsd|z\.b|d\.h|u\.a|str|abs|art|m|mme|av|env|sr|sra|ee\.uu|pág|ok|tys|mln|mld|proc|ul|im|gen|płk|mjr|r|w|ds)$",
    re.IGNORECASE,
)  # fmt: skip
_TOO_LONG = 2000


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where does each sentence of this paragraph begin and end?

    Parameters
    ----------
    text : str

    Yields
    ------
    (int, int)
        Without the space around it.

    Notes
    -----
    Assumes: a stop after an initial, an abbreviation or a day of the month ends nothing.
    Not for: verse; a stretch of 2,000 letters without an end is cut.

    Examples
    --------
    >>> t = "Mr. A. Smith said 300 were made. “So it is.” It was on 14. Juli 2023."
    >>> [t[a:b] for a, b in sentences(t)]
    ['Mr. A. Smith said 300 were made.', '“So it is.”', 'It was on 14. Juli 2023.']
    """
    start = 0
    for m in _END.finditer(text):
        head = text[max(start, m.start() - 12) : m.start()]
        if m[0].startswith(".") and len(m[0]) == 1 and m.end() < len(text):
            following = text[m.end() :].lstrip()[:1]
            is_day = re.search(r"(?:^|\s)\d{1,2}$", head) is not None and _is_ordinal(text, m.end())
            if _SHORT.search(head) or following.islower() or is_day:
                continue
        yield from _trimmed(text, start, m.end())
        start = m.end()
    yield from _trimmed(text, start, len(text))


def _is_ordinal(text: str, at: int) -> bool:
    """Whether a word follows that a day is named with, not a new sentence: a German or Polish month."""
    return re.match(r"\s+(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)", text[at : at + 12]) is not None


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _TOO_LONG:
        cut = text.rfind(" ", start + 1, start + _TOO_LONG)
        cut = cut if cut > start else start + _TOO_LONG
        yield start, cut
        start = cut + (cut < end and text[cut].isspace())
    if end > start:
        yield start, end
