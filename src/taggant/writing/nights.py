"""Days of the week and nights, reckoned from the day of publication.

Invariant: a night is its two days; a day of the week is the last one, the day of publication included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from taggant.writing.language_words import LanguageWords, any_of, language_words


@lru_cache(maxsize=32)
def _compiled(code: str) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, int]]:
    tables = language_words(code).tables
    days = {w: int(n) for n, ws in tables["weekdays"].items() for w in ws}
    nights = tables["nights"]
    link = r"\s+(?:(?:the|auf|den|dem|de|la|le|au|del?|al|el)\s+)?"
    before = rf"(?:(?P<lead>{any_of(nights['lead'])}){link})" if nights["lead"] else ""
    before = rf"(?:(?P<to>(?:overnight |night )?(?:in)?to){link}|{before})?" if code == "en" else f"{before}?"
    after = rf"(?:\s+(?P<tail>{any_of(nights['tail'])})(?!\w))?" if nights["tail"] else ""
    return (
        re.compile(rf"(?<!\w){before}(?P<day>{any_of(days)})(?!\w){after}"),
        re.compile(rf"(?<!\w)(?:{any_of(nights['whole'])})(?!\w)"),
        days,
    )


_NIGHT_WORDS = {
    "en": "night|between|evening", "ru": "ноч[ьи]", "uk": "н[іо]ч[іи]?", "de": "nacht", "fr": "nuit",
    "es": "noche|madrugada", "pl": "nocy?", "fa": "شب",
}  # fmt: skip


@lru_cache(maxsize=32)
def _two_days(code: str) -> re.Pattern[str]:
    """The night from one day of the week to the next."""
    days = any_of(w for ws in language_words(code).tables["weekdays"].values() for w in ws)
    part = r"(?:\s(?:evening|night|morning|abend|morgen|soir|matin))?"
    link = r"\s(?:\w{1,4}\s){1,3}?"
    return re.compile(
        rf"(?<!\w)(?:{_NIGHT_WORDS[code]})\s(?:\w{{1,4}}\s){{0,2}}?(?P<first>{days}){part}{link}(?P<second>{days})(?!\w){part}"
    )


def nights_and_weekdays(plain: str, words: LanguageWords, said: date) -> Iterator[tuple[int, int, str, str, bool]]:
    """Which nights and days of the week does this text name?

    Parameters
    ----------
    plain : str
        Folded text.
    words : LanguageWords
    said : date
        The day of publication.

    Yields
    ------
    (int, int, str, str, bool)
        Place, first day, last day, and whether it is a night.

    Notes
    -----
    *Assumes:* a day of the week is past: the last one; "the night to Wednesday" began on Tuesday.
    *Not for:* days ahead.

    Examples
    --------
    >>> en = language_words("en")
    >>> list(nights_and_weekdays("overnight", en, date(2025, 12, 3)))
    [(0, 9, '2025-12-02', '2025-12-03', True)]
    >>> list(nights_and_weekdays("on tuesday night", en, date(2025, 12, 3)))
    [(3, 16, '2025-12-02', '2025-12-03', True)]
    """
    weekday, whole, days = _compiled(words.code)
    taken: list[tuple[int, int]] = []
    for m in _two_days(words.code).finditer(plain):
        on = said - timedelta(days=(said.weekday() - days[m["second"]]) % 7)
        if (days[m["second"]] - days[m["first"]]) % 7 == 1:
            yield m.start(), m.end(), (on - timedelta(days=1)).isoformat(), on.isoformat(), True
            taken.append(m.span())
    for m in weekday.finditer(plain):
        if any(a <= m.start("day") < b for a, b in taken):
            continue
        g = m.groupdict()
        on = said - timedelta(days=(said.weekday() - days[m["day"]]) % 7)
        is_lead = bool(g.get("lead") or (g.get("to") and "night" in plain[max(0, m.start() - 12) : m.end()]))
        start = m.start() if is_lead else m.start("day")
        if is_lead:
            yield start, m.end("day"), (on - timedelta(days=1)).isoformat(), on.isoformat(), True
        elif g.get("tail"):
            yield start, m.end(), on.isoformat(), (on + timedelta(days=1)).isoformat(), True
        else:
            yield start, m.end("day"), on.isoformat(), on.isoformat(), False
            continue
        taken.append((start, m.end()))
    for m in whole.finditer(plain):
        leads_on = re.match(r"\s+(?:in)?to\b|\s+(?:на|проти|auf|zu|na|du|de|del|al|au|со?)\b", plain[m.end() :])
        if leads_on is None and not any(a < m.end() and m.start() < b for a, b in taken):
            yield m.start(), m.end(), (said - timedelta(days=1)).isoformat(), said.isoformat(), True
