"""Dates and times in prose: days, months, parts of years, seasons, deadlines, times told from the day of publication.

Invariant: what is found is written as EDTF, as people type it in `period`; a deadline is open before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from taggant.model.dates import month_start
from taggant.writing.language_words import LanguageWords, any_of, folded, language_words
from taggant.writing.nights import nights_and_weekdays
from taggant.writing.solar_calendar import solar_day

_YEAR = r"(?:19[89]|20[0-4])\d"
_SOON = 2
_NIGHT = re.compile(
    r"(?:overnight (?:in)?to|night (?:in)?to|ночь на|ночи на|ніч на|ночі на|ніч проти|ночі проти|nacht (?:auf|zum)(?: den)?|noc na|nocy na|nuit au|nuit du [0-9]+ au|noche al?|"  # noqa: E501
    r"شب منتهی به)\s*(?:the\s+)?$"
)
_PARTS = ("mid", "early", "late", "end", "h1", "h2", "q1", "q2", "q3", "q4", "m9", "whole")
_QUARTERS = {"q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12), "h1": (1, 6), "h2": (7, 12), "m9": (1, 9),
             "early": (1, 3), "mid": (6, 6), "late": (10, 12), "end": (12, 12), "whole": (1, 12)}  # fmt: skip
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}


_ONES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
         "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
         "eighteenth", "nineteenth")  # fmt: skip
_ORDINALS = {w: n for n, w in enumerate(_ONES, start=1)}
_ORDINALS |= {"twentieth": 20, "thirtieth": 30, "thirty-first": 31}
_ORDINALS |= {f"twenty-{w}": 20 + n for n, w in enumerate(_ONES[:9], start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """One expression of time.

    Attributes
    ----------
    span : (int, int)
        Where it stands, its preposition included.
    edtf : str
        The time it means, as `period` has it: ``../2025-06`` for "by mid-2025".
    role : str
        `in`, `by`, `since` or `between`.
    is_relative : bool
        It was reckoned from the day of publication.
    """

    span: tuple[int, int]
    edtf: str
    role: str
    is_relative: bool = False


@dataclass(frozen=True, slots=True)
class _Atom:
    """A stretch of time without its preposition: first and last unit, as EDTF."""

    start: int
    end: int
    first: str
    last: str
    is_relative: bool = False
    is_bare: bool = False  # only a month, a bare year or a season: a time only with a preposition
    is_end: bool = False  # the end of a stretch: what comes before it lasts until it
    month: int | None = None  # a month without a year
    day: int | None = None


@dataclass(frozen=True, slots=True)
class _Compiled:
    atom: re.Pattern[str]
    roles: dict[str, re.Pattern[str]]
    months: dict[str, int]
    solar: dict[str, int]


@lru_cache(maxsize=32)
def _compiled(code: str) -> _Compiled:
    t = language_words(code).tables
    months = {w: int(n) for n, ws in t["months"].items() for w in ws}
    solar = {w: int(n) for n, ws in t.get("solar_months", {}).items() for w in ws}
    fill = any_of(t.get("between_months_and_years", ()))
    gap = rf"(?:\s*,\s*|\s+)(?:(?:{fill})\s+)?"
    after = rf"(?:\s+(?:{any_of(t.get('after_years', ()))})(?!\w))?"
    before = r"(?:سال\s+)?" if code == "fa" else ""
    names = any_of(months)

    def year(name: str, then: str = r"(?!\w|[.,]\d)") -> str:
        return rf"{before}(?P<{name}>{_YEAR}){then}{after}"

    seasons = "|".join(f"(?P<{k}>{any_of(v)})" for k, v in t["seasons"].items())
    parts = "|".join(f"(?P<{k}>{any_of(t['parts'].get(k, ()))})" for k in _PARTS)
    any_season = any_of(w for ws in t["seasons"].values() for w in ws)
    pieces = [r"(?P<iso>20\d\d-[01]\d(?:-[0-3]\d)?)(?!\w)", r"(?P<dmy>[0-3]?\d\.[01]\d\.20\d\d)(?!\w)"]
    if solar:
        a_month = rf"(?P<smonth>{any_of(solar)})(?:\s+ماه)?"
        pieces.append(rf"(?:(?P<sday>[0-3]?\d)\s+)?{a_month}\s+(?:سال\s+)?(?P<syear>1[34]\d\d)(?!\w)")
        pieces.append(r"سال\s+(?P<sonly>1[34]\d\d)(?!\w)")
    parted = "|".join((
        rf"(?:{any_season})\s+(?P<psyear>{_YEAR})",
        rf"(?P<pmonth>{names}){gap}{year('pmyear')}",
        year("pyear"),
        rf"(?P<qmonth>{names})\b",
    ))  # fmt: skip
    ordinal = r"(?:st|nd|rd|th|er|\.|-(?:го|е|ого|те))?"
    pieces += [
        rf"(?:{parts})(?:\s+|(?<=-)|-|(?<=['’]))(?:{fill}\s+)?(?:{parted})",
        rf"(?:{seasons}){gap}{year('seyear')}",
        rf"(?P<day>[0-3]?\d){ordinal}\s+(?:de\s+|of\s+)?(?P<dmonth>{names})(?:{gap}{year('dyear')})?(?!\w)",
        rf"(?P<oday>{any_of(_ORDINALS)})\s+of\s+(?P<omonth>{names})(?:{gap}{year('oyear')})?(?!\w)",
        rf"(?P<mmonth>{names})\s+(?P<mday>[0-3]?\d)(?:st|nd|rd|th)?(?!\w|[.,]\d)(?:,?\s+{year('mdyear')})?",
        rf"(?P<month>{names})\.?{gap}{year('year')}",
        rf"(?P<only>{names})(?!\w)",
        year("y", r"(?!\w|[.,]\d|-\d)"),
    ]
    roles = {
        role: re.compile(
            rf"(?:^|(?<!\w))(?:{any_of(t['roles'][role])})(?:\s+(?:the|dem|der|den|le|la|el|los)\s+|\s+|(?<=['’]))$"
        )
        for role in ("before", "by", "since", "in")
    }
    roles["between"] = re.compile(rf"(?:^|(?<!\w))(?:{any_of(t['roles']['between'])})\s+(?:the\s+)?$")
    roles["and"] = re.compile(rf"\s*(?:{any_of(t['roles']['and'])})\s*(?:the\s+)?")
    return _Compiled(re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{p})" for p in pieces) + ")"), roles, months, solar)


def find_dates(text: str, *, language: str = "en", said: date | None = None) -> tuple[When, ...]:
    """Which times does this text name, and where?

    Parameters
    ----------
    text : str
    language : str
        ISO 639-1.
    said : date or None
        The day of publication: "last month" and "in July" are reckoned from it, and not read without it.

    Returns
    -------
    tuple of When
        In the order of the text.

    Raises
    ------
    UnknownName
        A language without words here.

    Notes
    -----
    Assumes: seasons of the northern half of the earth; "by mid-2025" means by the end of June, "early 2024" its first
    three months, "late" its last three; a month without a year is the last such month, in a deadline the next one.
    Not for: date codes in marks (`identification`).

    Examples
    --------
    >>> [(w.edtf, w.role) for w in find_dates("6,000 by mid-2025, working since July 2023")]
    [('../2025-06', 'by'), ('2023-07/..', 'since')]
    >>> [w.edtf for w in find_dates("до конца года", language="ru", said=date(2023, 8, 17))]
    ['../2023-12']
    """
    plain = folded(text)
    words = language_words(language)
    roles = _compiled(language).roles
    atoms = sorted((*_named(plain, words), *_told(plain, words, said)), key=lambda a: (a.start, -a.end))
    kept: list[_Atom] = []
    for atom in atoms:
        if kept and atom.start < kept[-1].end:
            if atom.end - atom.start > kept[-1].end - kept[-1].start:
                kept[-1] = atom
            continue
        kept.append(atom)
    found: list[When] = []
    n = 0
    while n < len(kept):
        atom = kept[n]
        other = kept[n + 1] if n + 1 < len(kept) else None
        head = plain[max(0, atom.start - 32) : atom.start]
        offset = max(0, atom.start - 32)
        pair = (
            other is not None
            and other.start - atom.end <= 24
            and roles["and"].fullmatch(plain, atom.end, other.start) is not None
        )
        if pair and other is not None:
            start = roles["between"].search(head)
            first, last = _resolved(atom, said, "since", other), _resolved(other, said, "in", None)
            if first and last and first.first <= last.last:
                at = offset + start.start() if start else atom.start
                found.append(When(span=(at, other.end), edtf=_interval(first.first, last.last), role="between",
                                  is_relative=first.is_relative or last.is_relative))  # fmt: skip
                n += 2
                continue
        when = _with_role(atom, head, offset, roles, said)
        if when is None and language == "de" and _is_adverb(atom, text):
            when = When(span=(atom.start, atom.end), edtf=atom.first, role="in")
        if when is not None:
            found.append(when)
        n += 1
    return tuple(found)


def _is_adverb(atom: _Atom, text: str) -> bool:
    """German says "wurden 2023 gebaut" without a preposition; a noun after the number makes it an amount."""
    return re.fullmatch(_YEAR, atom.first) is not None and re.match(r"\s[A-ZÄÖÜ]", text[atom.end :]) is None


def _with_role(
    atom: _Atom, head: str, offset: int, roles: dict[str, re.Pattern[str]], said: date | None
) -> When | None:
    night = _NIGHT.search(head)
    if night is not None and (on := _resolved(atom, said, "in", None)) is not None and len(on.first) == 10:
        before = (date.fromisoformat(on.first) - timedelta(days=1)).isoformat()
        return When(span=(offset + night.start(), atom.end), edtf=f"{before}/{on.first}", role="in")
    best: tuple[int, str] | None = None
    for role in ("before", "by", "since", "in"):
        match = roles[role].search(head)
        if match is not None and (best is None or match.start() < best[0]):
            best = (match.start(), role)
    if best is None and atom.is_bare:
        return None
    role = "in" if best is None else best[1]
    start = atom.start if best is None else offset + best[0]
    whole = _resolved(atom, said, role, None)
    if whole is None:
        return None
    edtf = {
        "before": f"../{whole.last}" if atom.is_end else f"../{_unit_before(whole.first)}",
        "by": f"../{whole.last}",
        "since": f"{whole.first}/..",
        "in": _interval(whole.first, whole.last),
    }[role]
    return When(
        span=(start, atom.end), edtf=edtf, role="by" if role == "before" else role, is_relative=whole.is_relative
    )


def _unit_before(edtf: str) -> str:
    """The day, month or year before this one: what comes before 2027 lasts until 2026."""
    parts = edtf.split("-")
    if len(parts) == 3:
        return (date.fromisoformat(edtf) - timedelta(days=1)).isoformat()
    if len(parts) == 2 and parts[1].isdigit():
        year, month = divmod(int(parts[0]) * 12 + int(parts[1]) - 2, 12)
        return f"{year}-{month + 1:02d}"
    return str(int(parts[0]) - 1) if len(parts) == 1 else edtf


def _interval(first: str, last: str) -> str:
    return first if first == last else f"{first}/{last}"


def _resolved(atom: _Atom, said: date | None, role: str, other: _Atom | None) -> _Atom | None:
    """A month or day without its year gets one: of its partner, else by the day of publication."""
    if atom.month is None:
        return atom
    if other is not None and other.month is None:
        year = int(other.last[:4])
        year -= atom.month > int(other.last[5:7] or 12)
    elif said is None:
        return None
    else:
        year = said.year
        if role in {"by", "before"} and atom.month < said.month:
            year += 1
        elif role == "since" and 0 < atom.month - said.month <= _SOON:
            pass  # from next month on, more likely than since last year
        elif role not in {"by", "before"} and atom.month > said.month:
            year -= 1
    text = f"{year}-{atom.month:02d}" + (f"-{atom.day:02d}" if atom.day else "")
    return _Atom(atom.start, atom.end, text, text, is_relative=other is None)


def _named(plain: str, words: LanguageWords) -> Iterator[_Atom]:
    compiled = _compiled(words.code)
    for m in compiled.atom.finditer(plain):
        g = {k: v for k, v in m.groupdict().items() if v is not None}
        atom = _atom(m.start(), m.end(), g, compiled.months, compiled.solar)
        if atom is not None and not (set(g) <= {"y"} and plain[m.start() - 1 : m.start()] == "/"):
            yield atom


def _atom(start: int, end: int, g: dict[str, str], months: dict[str, int], solar: dict[str, int]) -> _Atom | None:
    def one(text: str, **more: bool) -> _Atom:
        return _Atom(start, end, text, text, **more)

    def day_of(year: int, month: int, day: int) -> _Atom | None:
        try:
            return one(date(year, month, day).isoformat())
        except ValueError:
            return None

    if "iso" in g:
        y, m, *d = (int(x) for x in g["iso"].split("-"))
        return (day_of(y, m, d[0]) if d else one(g["iso"])) if 1 <= m <= 12 else None
    if "dmy" in g:
        d2, m2, y2 = (int(x) for x in g["dmy"].split("."))
        return day_of(y2, m2, d2)
    if "smonth" in g or "sonly" in g:
        return _solar(start, end, g, solar)
    part = next((p for p in _PARTS if p in g), None)
    if part is not None:
        if "pmyear" in g:
            return one(f"{g['pmyear']}-{months[g['pmonth']]:02d}")
        if "qmonth" in g:
            return _Atom(start, end, "", "", month=months[g["qmonth"]], is_bare=True)
        if "psyear" in g:
            return one(g["psyear"])
        first, last = _QUARTERS[part]
        year = g["pyear"]
        if part == "whole":
            return one(year)
        return _Atom(start, end, f"{year}-{first:02d}", f"{year}-{last:02d}", is_end=part == "end")
    season = next((s for s in _SEASONS if s in g), None)
    if season is not None and "seyear" in g:
        a, b = _SEASONS[season]
        year_n = int(g["seyear"])
        return _Atom(start, end, f"{year_n}-{a:02d}", f"{year_n + (b > 12)}-{(b - 1) % 12 + 1:02d}")
    for month, day, year in (("dmonth", "day", "dyear"), ("mmonth", "mday", "mdyear")):
        if month in g:
            if year in g:
                return day_of(int(g[year]), months[g[month]], int(g[day]))
            if not 1 <= int(g[day]) <= 31:
                return None
            return _Atom(start, end, "", "", month=months[g[month]], day=int(g[day]))
    if "omonth" in g:
        if "oyear" in g:
            return day_of(int(g["oyear"]), months[g["omonth"]], _ORDINALS[g["oday"]])
        return _Atom(start, end, "", "", month=months[g["omonth"]], day=_ORDINALS[g["oday"]])
    if "month" in g:
        return one(f"{g['year']}-{months[g['month']]:02d}")
    if "only" in g:
        return _Atom(start, end, "", "", month=months[g["only"]], is_bare=True)
    return one(g["y"], is_bare=True)


def _solar(start: int, end: int, g: dict[str, str], solar: dict[str, int]) -> _Atom:
    if "sonly" in g:
        year = int(g["sonly"])
        return _Atom(
            start,
            end,
            solar_day(year, 1, 1).isoformat()[:7],
            (solar_day(year + 1, 1, 1) - timedelta(1)).isoformat()[:7],
        )
    year, month = int(g["syear"]), solar[g["smonth"]]
    if "sday" in g:
        day = solar_day(year, month, int(g["sday"])).isoformat()
        return _Atom(start, end, day, day)
    after = solar_day(year + month // 12, month % 12 + 1, 1)
    return _Atom(start, end, solar_day(year, month, 1).isoformat(), (after - timedelta(1)).isoformat())


def _told(plain: str, words: LanguageWords, said: date | None) -> Iterator[_Atom]:
    """Times reckoned from the day of publication."""
    if said is None:
        return
    relative = words.tables["relative"]
    named = {re.sub(r"\s+", " ", k): v for k, v in relative.items()}
    for m in _told_pattern(words.code).finditer(plain):
        unit, by = named[re.sub(r"\s+", " ", m[0])]
        first, last = _reckoned(said, unit, by)
        yield _Atom(m.start(), m.end(), first, last, is_relative=True, is_end=unit.endswith("-end"))
    for start, end, a, b, is_night in nights_and_weekdays(plain, words, said):
        yield _Atom(start, end, a, b, is_relative=True, is_bare=not is_night)
    units = {w: u for u, ws in words.tables["units"].items() for w in ws}
    for kind, pattern in _counted(words.code):
        for m in pattern.finditer(plain):
            n = _small(m["n"], words)
            if n is None:
                continue
            unit = units[m["u"]]
            ago, ahead = _moved(said, unit, -n), _moved(said, unit, n)
            if kind == "past":
                yield _Atom(m.start(), m.end(), _cut(ago, unit), _cut(said, unit), is_relative=True)
            elif kind == "ago":
                text = str(ago.year) if unit == "year" else _cut(ago, unit)
                yield _Atom(m.start(), m.end(), text, text, is_relative=True)
            else:
                yield _Atom(m.start(), m.end(), _cut(said, unit), _cut(ahead, unit), is_relative=True)


@lru_cache(maxsize=32)
def _told_pattern(code: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(language_words(code).tables['relative'])})(?!\w)")


@lru_cache(maxsize=32)
def _counted(code: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = language_words(code)
    n = rf"(?P<n>\d{{1,3}}|{any_of(w for w, (v, x) in words.numbers.items() if v <= 20 and not x)}|a)"
    u = rf"(?P<u>{any_of(w for ws in words.tables['units'].values() for w in ws)})"
    return tuple(
        (kind, re.compile(r"(?<!\w)" + form.replace(" ", r"\s+").replace("{n}", n).replace("{u}", u) + r"(?!\w)"))
        for kind, forms in words.tables["counted"].items()
        for form in forms
    )


def _small(text: str, words: LanguageWords) -> int | None:
    if text.isdigit():
        return int(text)
    if text in words.numbers:
        return int(words.numbers[text][0])
    return 1 if text == "a" else None


def _moved(on: date, unit: str, n: int) -> date:
    if unit in {"day", "week"}:
        return on + timedelta(days=n * (7 if unit == "week" else 1))
    months = n * (12 if unit == "year" else 1)
    whole, month = divmod(on.month + months - 1, 12)
    return month_start(on.year + whole, month + 1)


def _cut(on: date, unit: str) -> str:
    return on.isoformat()[: {"day": 10, "week": 10, "month": 7, "year": 7}[unit]]


def _reckoned(said: date, unit: str, by: int) -> tuple[str, str]:
    if unit == "day":
        on = (said + timedelta(days=by)).isoformat()
        return on, on
    if unit == "week":
        monday = said - timedelta(days=said.weekday()) + timedelta(days=7 * by)
        year, week, _ = monday.isocalendar()
        return f"{year}-W{week:02d}", f"{year}-W{week:02d}"
    if unit in {"month", "month-end", "month-start"}:
        on = month_start(said.year, said.month + by).isoformat()[:7]
        return on, on
    year = said.year + by
    if unit == "year":
        return str(year), str(year)
    part = unit.split("-")[1]
    if part == "over":
        return f"{year + 1}-01", f"{year + 1}-01"
    if part == "qnow":
        part = f"q{(said.month + 2) // 3}"
    first, last = {"end": (12, 12), "start": (1, 1), **_SEASONS, **_QUARTERS, "mid": (6, 6)}[part]
    if by == 0 and part not in {"end", "start", "mid", "h2"} and first > said.month:
        year -= 1  # the first quarter of a year not yet so far is that of the last
    return f"{year}-{first:02d}", f"{year}-{last:02d}"
