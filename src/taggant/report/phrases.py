"""The one place where words are: statement keys and values go in, sentences come out.

Invariant: a sentence is never put together anywhere else. A value stands in it as a link to what it rests on, and
what it hangs on is marked as a hedge.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, TypeAlias

from markupsafe import Markup, escape

from taggant.errors import InputError, UnknownName
from taggant.report.visible import visible

Link: TypeAlias = Callable[[str, Sequence[str]], str | None]
"""(name of the value, what it rests on as `kind:id`) → address inside the page, or None for no link."""

LANGUAGES = ("en",)
FORMATS = ("text", "day", "month", "integer", "number")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_TOKENS = re.compile(r"(\[\[|\]\]|<<|>>|\{[^{}]*\})")
_SHORT = 20  # letters of a value that is not broken over two lines: a day fits, a long mark may break
_THIN = "\u202f"  # narrow no-break space, the separator of ISO 80000-1


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence: plain words (`name` is None), or one value with what it rests on."""

    text: str
    is_hedge: bool
    name: str | None = None
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, in stretches.

    Attributes
    ----------
    key : str
        The statement key.
    parts : tuple of Part
    language : str
        ISO 639, for the `lang` attribute.
    """

    key: str
    parts: tuple[Part, ...]
    language: str = "en"

    @property
    def text(self) -> str:
        """The sentence in plain letters."""
        return "".join(p.text for p in self.parts)

    def html(self, link: Link) -> Markup:
        """The sentence for a page: each value a link to what it rests on, each hedge in a span.

        Parameters
        ----------
        link : callable
            Gives the address for a value's name and what it rests on; None leaves the value unlinked.
        """
        done = Markup()
        in_hedge = False
        for part in self.parts:
            if part.is_hedge != in_hedge:
                done += Markup('<span class="hedge">') if part.is_hedge else Markup("</span>")
                in_hedge = part.is_hedge
            if part.name is None:
                done += escape(part.text)
                continue
            href = link(part.name, part.rests_on)
            value = Markup("<bdi>{}</bdi>").format(part.text)
            short = " short" if len(part.text) <= _SHORT else ""
            done += value if href is None else Markup('<a class="value{}" href="{}">{}</a>').format(short, href, value)
        return done + Markup("</span>") if in_hedge else done


@dataclass(frozen=True, slots=True)
class _Value:
    name: str
    form: str
    words: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class _Group:
    kind: Literal["all", "hedge", "optional"]
    inside: tuple[str | _Value | _Group, ...]


def say(key: str, values: Mapping[str, Mapping[str, Any]], *, lang: str = "en") -> Sentence:
    """What does the case say, in words?

    Parameters
    ----------
    key : str
        A statement key of `phrases/<lang>/`.
    values : mapping
        Name → ``{"value", "unit", "rests_on": ["kind:id", …]}``, as findings carry them. Values the sentence does not
        name are left alone.
    lang : str
        ISO 639.

    Returns
    -------
    Sentence

    Raises
    ------
    UnknownName
        Nobody declared that key, or that language.
    InputError
        A value the sentence names is missing or null outside an optional clause, or does not have the form asked.

    Notes
    -----
    *Assumes:* values come from a finding, which says what each rests on.
    *Not for:* choosing what to say: a room names the key.

    Examples
    --------
    >>> item = {"value": "M214", "unit": None, "rests_on": ["item:m214"]}
    >>> n = {"value": 3, "unit": None, "rests_on": []}
    >>> say("when-made.item.refused", {"item": item, "n_marked": n}).text
    'When M214 was assembled cannot be told from its 3 marked parts.'
    """
    sentences = phrase_book(lang)["sentences"]
    if key not in sentences:
        raise UnknownName("statement", key, sentences, where=f"phrases of language {lang}")
    where = f"statement {key}"
    parts = tuple(_parts(_parsed(_wording(sentences[key], values), where), values, is_hedge=False, where=where))
    return Sentence(key=key, parts=_trimmed(parts), language=lang)


def label(key: str, values: Mapping[str, int | str] | None = None, *, lang: str = "en") -> str:
    """What is this heading or table word called?

    Parameters
    ----------
    key : str
        A key under `[labels]`.
    values : mapping of str to int or str, optional
        What the label has a place for.
    lang : str
        ISO 639.

    Returns
    -------
    str

    Raises
    ------
    UnknownName
        Nobody declared that key.

    Notes
    -----
    *Assumes:* a label says nothing about the case.
    *Not for:* sentences with findings in them: `say`.

    Examples
    --------
    >>> label("assumes")
    'Assumes'
    """
    labels: Mapping[str, str] = phrase_book(lang)["labels"]
    if key not in labels:
        raise UnknownName("label", key, labels, where=f"phrases of language {lang}")
    said = {name: integer(n) if isinstance(n, int) else visible(n) for name, n in (values or {}).items()}
    return labels[key].format(**said) if said else labels[key]


def questions(*, lang: str = "en") -> Mapping[str, str]:
    """Which ten questions are asked, in order, and how are they put?

    Returns
    -------
    mapping of str to str
        Name of the question → the question as a heading.

    Examples
    --------
    >>> list(questions())[:2]
    ['what-is-it', 'when-made']
    """
    titles: Mapping[str, str] = phrase_book(lang)["questions"]
    return titles


def statement_keys(*, lang: str = "en") -> tuple[str, ...]:
    """Which statements have words in this language?

    Returns
    -------
    tuple of str
        Sorted.

    Examples
    --------
    >>> "when-made.item" in statement_keys()
    True
    """
    return tuple(sorted(phrase_book(lang)["sentences"]))


def day(value: date | str) -> str:
    """How is this day written out?

    Parameters
    ----------
    value : date or str
        A day, or its ISO text.

    Returns
    -------
    str

    Raises
    ------
    InputError
        The text is no ISO day.

    Examples
    --------
    >>> day("2022-08-22")
    '22 August 2022'
    """
    d = _date(value)
    return f"{d.day} {_MONTHS[d.month - 1]} {d.year}"


def integer(value: int) -> str:
    """How is this whole number written, in groups of three?

    Parameters
    ----------
    value : int

    Returns
    -------
    str
        Groups of three parted by a narrow no-break space from 10 000 on (ISO 80000-1; four digits stay together).

    Examples
    --------
    >>> integer(1205), integer(18358).replace(chr(0x202F), "_")
    ('1205', '18_358')
    """
    return str(value) if abs(value) < 10_000 else f"{value:,}".replace(",", _THIN)


def _date(value: date | str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as err:
        raise InputError(
            f"{value!r} is no day in ISO form", next="This is a fault of the finding: please report it"
        ) from err


@lru_cache(maxsize=8)
def phrase_book(lang: str) -> Mapping[str, Mapping[str, Any]]:
    """Give every sentence, question and label of a language, read from all files of its folder."""
    if lang not in LANGUAGES:
        raise UnknownName("language", lang, LANGUAGES)
    whole: dict[str, dict[str, Any]] = {}
    folder = resources.files("taggant.report").joinpath("phrases", lang)
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name):
        for part, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            known = whole.setdefault(part, {})
            if twice := sorted(known.keys() & entries.keys()):
                raise InputError(
                    f"{part} has {twice[0]!r} twice", where=f"phrases/{lang}/{file.name}", next="Keep one wording"
                )
            known |= entries
    return whole


def _wording(entry: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]]) -> str:
    for case in entry.get("when", ()):
        given = values.get(case["value"], {}).get("value")
        if given is not None and given == case["is"]:
            return str(case["text"])
    return str(entry["text"])


@lru_cache(maxsize=256)
def _parsed(text: str, where: str) -> _Group:
    stack: list[tuple[Literal["all", "hedge", "optional"], list[str | _Value | _Group]]] = [("all", [])]
    opens: dict[str, Literal["hedge", "optional"]] = {"[[": "hedge", "<<": "optional"}
    closes = {"]]": "hedge", ">>": "optional"}
    for token in _TOKENS.split(text):
        if token in opens:
            stack.append((opens[token], []))
        elif token in closes:
            kind, inside = stack.pop()
            if kind != closes[token]:
                raise _bad_phrase(f"{token!r} closes nothing", where)
            stack[-1][1].append(_Group(kind, tuple(inside)))
        elif token.startswith("{"):
            stack[-1][1].append(_value(token, where))
        elif token:
            stack[-1][1].append(token)
    if len(stack) != 1:
        raise _bad_phrase("a bracket stays open", where)
    return _Group("all", tuple(stack[0][1]))


def _value(token: str, where: str) -> _Value:
    body = token[1:-1]
    if body.count("|") == 2:
        name, one, many = body.split("|")
        return _Value(name, "words", (one, many))
    name, _, form = body.partition(":")
    form = form or "text"
    if not name.isidentifier():
        raise _bad_phrase(f"{token!r} names no value", where)
    if form not in FORMATS:
        raise UnknownName("format", form, FORMATS, where=where)
    return _Value(name, form, None)


def _bad_phrase(what: str, where: str) -> InputError:
    return InputError(what, where=where, next="Mend the wording in report/phrases")


def _parts(group: _Group, values: Mapping[str, Mapping[str, Any]], *, is_hedge: bool, where: str) -> Iterator[Part]:
    for piece in group.inside:
        if isinstance(piece, str):
            yield Part(piece, is_hedge)
        elif isinstance(piece, _Value):
            yield _said(piece, values, is_hedge=is_hedge, where=where)
        elif piece.kind != "optional" or all(_given(n, values, where) is not None for n in _names(piece)):
            yield from _parts(piece, values, is_hedge=is_hedge or piece.kind == "hedge", where=where)


def _names(group: _Group) -> Iterator[str]:
    for piece in group.inside:
        if isinstance(piece, _Value):
            yield piece.name
        elif isinstance(piece, _Group):
            yield from _names(piece)


def _given(name: str, values: Mapping[str, Mapping[str, Any]], where: str) -> Any:
    if name not in values:
        raise InputError(
            f"the value {name!r} is not in the finding",
            where=where,
            so_what="The sentence cannot be said",
            next=f"Give it (null if unknown); the finding has: {', '.join(sorted(values)) or 'none'}",
        )
    return values[name].get("value")


def _said(piece: _Value, values: Mapping[str, Mapping[str, Any]], *, is_hedge: bool, where: str) -> Part:
    value = _given(piece.name, values, where)
    if value is None:
        raise InputError(
            f"the value {piece.name!r} is null",
            where=where,
            so_what="The sentence cannot be said without it",
            next="Name the statement that does without it, or refuse",
        )
    if piece.form in {"integer", "words"} and (isinstance(value, bool) or not isinstance(value, int)):
        raise InputError(
            f"the value {piece.name!r} is {value!r}, not a whole number",
            where=where,
            next="This is a fault of the finding: please report it",
        )
    if piece.words is not None:
        return Part(piece.words[0] if value == 1 else piece.words[1], is_hedge)
    rests_on = tuple(values[piece.name].get("rests_on") or ())
    return Part(_written(value, piece.form), is_hedge, piece.name, rests_on)


def _written(value: Any, form: str) -> str:
    if form == "integer" or (form == "number" and isinstance(value, int)):
        return integer(value)
    if form == "day":
        return day(value)
    if form == "month":
        d = _date(value)
        return f"{_MONTHS[d.month - 1]} {d.year}"
    return visible(str(value))


def _trimmed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Without the space a left-out clause leaves at the end."""
    if parts and parts[-1].name is None and parts[-1].text != parts[-1].text.rstrip():
        last = Part(parts[-1].text.rstrip(), parts[-1].is_hedge)
        return (*parts[:-1], last) if last.text else _trimmed(parts[:-1])
    return parts
