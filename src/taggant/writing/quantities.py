"""Amounts in prose: digits and number words, ranges, "hundreds", "at least", "a month"; eight languages.

Invariant: every amount keeps its place in the text; what a text leaves open (more than, up to) stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from taggant.writing.language_words import LanguageWords, any_of, folded, language_words

_TOKEN = re.compile(
    r"(?P<digits>(?<![^\W\d_][-‐‑])(?<![\w.,])(?:\d{1,3}(?:[ .,’'٬،]\d{3})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)?))"
    r"|(?P<word>[^\W\d_]+(?:['’ʼ\u200c][^\W\d_]+)*\.?)|(?P<sign>[^\w\s])"
)
_PER_REACH = 60
_NO_PER = (
    r"(?!\s+(?:ago|earlier|later|before|after|long|reports?|digest|bulletin|newspaper|paper|statement|meeting|"
    r"conference)\b)"
)
_HYPHENS = frozenset("-‐‑–—")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One amount.

    Attributes
    ----------
    span : (int, int)
        Where it stands, with its bounding words.
    number_span : (int, int)
        Where its number stands alone.
    low, high : float or None
        Equal for a single number; None on a side left open.
    is_about : bool
        The text says about, some, roughly.
    is_vague : bool
        Hundreds, dozens: the ends are those of the word.
    per : str or None
        day, week, month or year.
    is_percent : bool
    """

    span: tuple[int, int]
    number_span: tuple[int, int]
    low: float | None
    high: float | None
    is_about: bool = False
    is_vague: bool = False
    per: str | None = None
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Number:
    first: int
    after: int
    low: float
    high: float
    scale: float = 1.0
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class _Patterns:
    vague: re.Pattern[str]
    least: re.Pattern[str]
    most: re.Pattern[str]
    about: re.Pattern[str]
    between: re.Pattern[str]
    least_after: re.Pattern[str]
    most_after: re.Pattern[str]
    about_after: re.Pattern[str]
    joined: re.Pattern[str]
    both: re.Pattern[str]
    percent: re.Pattern[str]
    per: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=32)
def _patterns(code: str) -> _Patterns:
    words = language_words(code)
    bound = words.tables["bounds"]
    about = any_of(bound["about"])
    filler = {"en": r"(?:a\s+total\s+of\s+|the\s+)?", "de": r"(?:insgesamt\s+)?", "fr": r"(?:les\s+|d['’]\s*)?"}.get(
        code, ""
    )

    def before(key: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?P<words>{any_of(bound[key])})(?:\s+|(?<=['’~+])){filler}(?:(?:{about})\s+)?$")

    def after(key: str) -> re.Pattern[str]:
        return re.compile(rf"\s?(?:{any_of(bound[key])})(?!\w)")

    vague = any_of(words.tables["vague"])
    return _Patterns(
        vague=re.compile(rf"(?<!\w)(?:{vague})(?!\w)"),
        least=before("least"), most=before("most"), about=before("about"), between=before("between"),
        least_after=after("least_after"), most_after=after("most_after"), about_after=after("about_after"),
        joined=re.compile(rf"\s*,?\s*(?:{any_of(bound['range'])})\s*(?:(?:{about})\s+)?"),
        both=re.compile(rf"\s*(?:{any_of(bound['both'])})\s+"),
        percent=re.compile(rf"\s?-?(?:{any_of(bound['percent'])})(?!\w)"),
        per=tuple(
            (name, re.compile(rf"(?<!\w)(?:{any_of(phrases)})(?!\w){_NO_PER}"))
            for name, phrases in words.tables["per"].items()
        ),
    )  # fmt: skip


def find_quantities(text: str, *, language: str = "en", taken: Sequence[tuple[int, int]] = ()) -> tuple[Quantity, ...]:
    """Which amounts does this text give, and where?

    Parameters
    ----------
    text : str
    language : str
        ISO 639-1; one of `language_words.languages`.
    taken : sequence of (int, int)
        Places that are something else: dates, names of types.

    Returns
    -------
    tuple of Quantity
        In the order of the text.

    Raises
    ------
    UnknownName
        A language without words here.

    Notes
    -----
    Assumes: three digits after a separator are thousands; "more than" and "over" give a least, "up to" and "almost" a
    most; "about" leaves the number as it is and says so; "hundreds" is 200 to 999, "thousands" 2,000 to 9,999.
    Not for: years and days (`when`); numbers inside names of types.

    Examples
    --------
    >>> [(q.low, q.high, q.per) for q in find_quantities("at least 200 a month, then 300 to 350 drones a day")]
    [(200.0, None, 'month'), (300.0, 350.0, 'day')]
    >>> [(q.low, q.high) for q in find_quantities("более шести тысяч дронов", language="ru")]
    [(6000.0, None)]
    """
    words = language_words(language)
    patterns = _patterns(language)
    plain = folded(text)
    for start, end in taken:
        plain = plain[:start] + "\x00" * (end - start) + plain[end:]
    tokens = [
        _Token(m.start(), m.end(), m.lastgroup or "", m[0])
        for m in _TOKEN.finditer(plain)
    ]  # fmt: skip
    numbers = list(_numbers(plain, tokens, words, patterns))
    found: list[Quantity] = []
    n = 0
    while n < len(numbers):
        number = numbers[n]
        other = _range_end(plain, numbers, n, patterns)
        found.append(_quantity(plain, number, other, patterns))
        n += 1 if other is None else 2
    return tuple(_with_per(plain, found, patterns))


def _numbers(plain: str, tokens: Sequence[_Token], words: LanguageWords, patterns: _Patterns) -> Iterator[_Number]:
    vague = {m.start(): m for m in patterns.vague.finditer(plain)}
    values = {re.sub(r"\s+", " ", k): v for k, v in words.tables["vague"].items()}
    at = 0
    while at < len(tokens):
        token = tokens[at]
        match = vague.get(token.start)
        parsed = _number_at(tokens, at, words)
        if match is not None and (parsed is None or match.end() >= tokens[parsed[0] - 1].end):
            low, high = values[re.sub(r"\s+", " ", match[0])]
            more = _number_at(tokens, at + 1, words) if low == high and at + 1 < len(tokens) else None
            if more is not None and tokens[more[0] - 1].end > match.end():
                # "a hundred and twenty" goes on after "a hundred"
                after, value, scale = more
                yield _Number(match.start(), tokens[after - 1].end, value, value, scale)
                at = after
                continue
            yield _Number(match.start(), match.end(), float(low), float(high), is_vague=low != high)
            while at < len(tokens) and tokens[at].start < match.end():
                at += 1
        elif parsed is not None:
            after, value, scale = parsed
            yield _Number(token.start, tokens[after - 1].end, value, value, scale)
            at = after
        else:
            at += 1


def _number_at(tokens: Sequence[_Token], at: int, words: LanguageWords) -> tuple[int, float, float] | None:
    """The number that begins at this token: token after it, value, the scale it ends with."""
    total, current, scale = 0.0, None, 1.0
    floor = float("inf")
    n_words = 0
    n = end = at
    has_digits = False
    while n < len(tokens):
        token = tokens[n]
        if token.kind == "digits":
            if n != at:
                break
            current, has_digits = _digits(token.text), True
            if current is None:
                return None
            n += 1
            end, n_words = n, n_words + 1
            continue
        parts = _word_values(token.text, words)
        if parts is None:
            joins = words.tables["joins"]
            is_join = n > at and (token.text in joins or token.text in _HYPHENS) and n + 1 < len(tokens)
            follows = is_join and not has_digits and _word_values(tokens[n + 1].text, words) is not None
            if not follows or (token.text in _HYPHENS and tokens[n + 1].start != token.end):
                break
            n += 1
            continue
        stop = False
        for value, multiplies in parts:
            if multiplies:
                if value > 999 and total and value >= total:
                    stop = True
                    break
                if value > 999:
                    total, current, floor, scale = (
                        total + (1 if current is None else current) * value,
                        None,
                        value,
                        value,
                    )
                else:
                    current, floor, scale = (1 if current is None else current) * value, value, value
            elif has_digits:
                stop = True
                break
            elif words.code == "fr" and value == 20 and current == 4:
                current, floor, scale = 80.0, 20, 1.0
            elif value >= floor and not (words.code == "de" and len(parts) > 1):
                stop = True
                break
            else:
                current, floor, scale = (current or 0) + value, _floor(value, words.code), 1.0
        if stop:
            break
        n += 1
        end, n_words = n, n_words + 1
    if n_words == 0:
        return None
    if not has_digits and n_words == 1:
        word = tokens[at].text
        alone = words.tables["alone"]
        if word in alone["never"] or word in alone["multiplier_needs_number"]:
            return None
    while end > at + 1 and tokens[end - 1].text in words.tables["joins"]:
        end -= 1
    return end, total + (current or 0), scale


def _floor(value: float, code: str) -> float:
    """What may still be added after this value must be smaller than its last place; French counts on to 19 from 60."""
    if code == "fr" and value in {60, 80}:
        return 20
    return 1 if value < 20 and value != 10 else 10 if value < 100 else 100


def _word_values(word: str, words: LanguageWords) -> tuple[tuple[float, bool], ...] | None:
    known = words.numbers.get(word) or words.numbers.get(word.rstrip("."))
    if known is not None:
        return (known,)
    return _compound(word, words) if words.code == "de" and len(word) > 6 else None


def _compound(word: str, words: LanguageWords) -> tuple[tuple[float, bool], ...] | None:
    """A German number written as one word: its parts."""
    found: list[tuple[float, bool]] = []
    left = word
    while left:
        if left.startswith("und") and found:
            left = left[3:]
            continue
        part = max((w for w in words.numbers if left.startswith(w)), key=len, default=None)
        if part is None:
            return None
        found.append(words.numbers[part])
        left = left[len(part) :]
    return _tens_first(found)


def _tens_first(parts: list[tuple[float, bool]]) -> tuple[tuple[float, bool], ...]:
    """Fünfundzwanzig: the ten before the one, as other languages say it."""
    done: list[tuple[float, bool]] = []
    for value, multiplies in parts:
        if not multiplies and 20 <= value < 100 and done and not done[-1][1] and done[-1][0] < 10:
            done.insert(len(done) - 1, (value, multiplies))
        else:
            done.append((value, multiplies))
    return tuple(done)


def _digits(text: str) -> float | None:
    """A number in digits: separators before three digits part thousands, any other the fraction."""
    parts = re.split(r"([ .,’'٬،٫])", text)
    whole = parts[0]
    for sign, digits in zip(parts[1::2], parts[2::2], strict=True):
        if len(digits) == 3 and sign != "٫" and "." not in whole and whole != "0" and len(parts[0]) <= 3:
            whole += digits
        elif sign in ".,٫" and "." not in whole:
            whole += f".{digits}"
        else:
            return None
    return float(whole)


def _range_end(plain: str, numbers: Sequence[_Number], n: int, patterns: _Patterns) -> _Number | None:
    if n + 1 >= len(numbers):
        return None
    number, other = numbers[n], numbers[n + 1]
    between = plain[number.after : other.first]
    if len(between) > 40 or number.is_vague != other.is_vague:
        return None
    match = patterns.joined.fullmatch(between)
    if match is None:
        return None
    high = other.high
    low = (
        number.low * other.scale
        if other.scale > number.scale and number.low < other.low / other.scale * 2
        else number.low
    )
    if low > high or (low == high and not number.is_vague):
        return None
    if patterns.both.fullmatch(between) and not patterns.between.search(
        plain[max(0, number.first - 48) : number.first]
    ):
        return None
    return _Number(other.first, other.after, low, high)


def _quantity(plain: str, number: _Number, other: _Number | None, patterns: _Patterns) -> Quantity:
    last = number if other is None else other
    low: float | None = last.low if other is not None else number.low
    high: float | None = last.high
    start, end = number.first, last.after
    head, tail = plain[max(0, start - 48) : start], plain[end : end + 40]
    offset = max(0, start - 48)
    is_about = False
    percent = patterns.percent.match(tail)
    names = ("between",) if other is not None else ("least", "most", "about")
    # "No more than" ends with "more than": the longest words decide.
    bounds = [(m.start(), name) for name in names if (m := getattr(patterns, name).search(head)) is not None]
    if bounds:
        at, name = min(bounds)
        start = offset + at
        if name == "least":
            high = None
        elif name == "most":
            low = None
        is_about = name == "about"
    elif other is None:
        match = patterns.least_after.match(tail)
        if match is not None:
            high, end = None, end + match.end()
        elif (match := patterns.most_after.match(tail)) is not None:
            low, end = None, end + match.end()
    if (match := patterns.about_after.match(plain[end:])) is not None:
        is_about, end = True, end + match.end()
    if number.is_vague and low is not None and high is None:
        low, high = number.low, None
    elif number.is_vague and high is not None and low is None:
        high = number.high
    return Quantity(
        span=(start, end), number_span=(number.first, last.after), low=low, high=high, is_about=is_about,
        is_vague=number.is_vague, is_percent=percent is not None,
    )  # fmt: skip


def _with_per(plain: str, found: Sequence[Quantity], patterns: _Patterns) -> Iterator[Quantity]:
    from dataclasses import replace

    for n, quantity in enumerate(found):
        end = quantity.span[1]
        following = found[n + 1].span[0] if n + 1 < len(found) else len(plain)
        reach = plain[end : min(end + _PER_REACH, following)]
        cut = re.search(r"[.;:!?،؛]\s|\n", reach)
        reach = reach if cut is None else reach[: cut.start()]
        best = min(
            ((m.start(), name) for name, p in patterns.per if (m := p.search(reach)) is not None), default=None
        )  # fmt: skip
        if best is None:
            before = found[n - 1].span[1] if n else 0
            head = plain[max(before, quantity.span[0] - 40) : quantity.span[0]]
            # Only an adverb or adjective can stand before its number: "monthly output of 2,700".
            head = re.split(r"[.;:!?,،؛]\s", head)[-1]
            best = max(((m.start(), name) for name, p in patterns.per for m in p.finditer(head)), default=None)
        yield quantity if best is None else replace(quantity, per=best[1])
