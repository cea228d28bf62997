"""The date-code rules as they stand in `date_codes/`, one file a maker: read, checked against themselves, kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from taggant.errors import InputError
from taggant.model.dates import DateRange
from taggant.reference.citation import STATUSES, citations
from taggant.reference.date_code_rule import CALENDARS, SPECIFICITIES, CounterExample, DateCodeRule, RuleExample
from taggant.reference.entries import Entry, files_in, folder_of, toml_entry
from taggant.reference.maker_files import Maker, load_makers, maker_family

_FOLDER = "date_codes"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def load_date_code_rules(*, folder: Path | None = None) -> tuple[DateCodeRule, ...]:
    """Which date-code rules are known?

    Parameters
    ----------
    folder : Path, optional
        A folder with `makers.csv` and `date_codes/*.toml`; the packaged one when left out.

    Returns
    -------
    tuple of DateCodeRule
        By file name, then as they stand in the file. The packaged rules are read once.

    Raises
    ------
    InputError
        A file cannot be read, a key is missing or unknown, a pattern is no pattern, its groups do not fit `fields` or
        `calendar`, a maker is not in the list, or an id stands twice.

    Notes
    -----
    Assumes: a token is read by one rule at a time. Not for: deciding which reading of a marking is right.

    Examples
    --------
    >>> rule = next(r for r in load_date_code_rules() if r.id == "ti-ymlllls")
    >>> rule.pattern.fullmatch("86AEX5U")["lot"], rule.months["6"]
    ('AEX5', 6)
    """
    return _packaged() if folder is None else _read(folder)


def rules_for(maker_id: str) -> tuple[DateCodeRule, ...]:
    """Which rules may date a part of this maker?

    Parameters
    ----------
    maker_id : str
        A maker of the packaged list.

    Returns
    -------
    tuple of DateCodeRule
        The maker's own rules first, then those of the lines it owns or continues, then those of its owners, then those
        of standards that name the maker. A rule limited to other `brand_lines` is left out.

    Raises
    ------
    UnknownName
        The maker is not in the list.

    Notes
    -----
    Assumes: a line may be marked by its own rule or its owner's, whatever the year.
    Not for: standards that name no makers.

    Examples
    --------
    >>> [r.id for r in rules_for("maxim")][:2]
    ['maxim-plus-yww', 'maxim-suffix-yyww']
    """
    family = maker_family(maker_id)
    rules = [r for member in family for r in load_date_code_rules() if r.maker == member]
    standards = [r for r in load_date_code_rules() if r.standard is not None and maker_id in r.brand_lines]
    return tuple(r for r in (*rules, *standards) if not r.brand_lines or maker_id in r.brand_lines)


@cache
def _packaged() -> tuple[DateCodeRule, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[DateCodeRule, ...]:
    makers = {m.maker_id: m for m in load_makers(folder=folder)}
    rules: dict[str, DateCodeRule] = {}
    for file in files_in(folder_of(folder), _FOLDER, ".toml"):
        top = toml_entry(file)
        entries = top.entries("rule")
        top.done()
        if not entries:
            raise top.refuse("it holds no rule", "Write a [[rule]], or remove the file")
        for entry in entries:
            rule = _rule(entry, makers)
            if rule.id in rules:
                raise entry.refuse("the id stands twice", "Give one of the two another id")
            owner = rule.maker or _standard_id(rule.standard or "")
            if file.name != f"{owner}.toml":
                raise entry.refuse(f"the rule is {owner}'s", f"Move it to {owner}.toml")
            rules[rule.id] = rule
    return tuple(rules.values())


def _standard_id(standard: str) -> str:
    return standard.lower().replace(" ", "-")


def _rule(entry: Entry, makers: Mapping[str, Maker]) -> DateCodeRule:
    rule_id = entry.text("id")
    if not _ID.fullmatch(rule_id):
        raise entry.refuse(f"id {rule_id!r}", "Use small letters, digits and single hyphens")
    entry.named(rule_id)
    maker, standard = entry.maybe_text("maker"), entry.maybe_text("standard")
    if (maker is None) == (standard is None):
        raise entry.refuse("a rule belongs to one maker or one standard", "Write either maker or standard")
    brand_lines = entry.texts("brand_lines")
    for name in (*brand_lines, *([maker] if maker else [])):
        if name not in makers:
            raise entry.refuse(f"maker {name!r} is not in makers.csv", "Add it there, or correct the id")
    readable = entry.flag("readable", otherwise=True)
    because = entry.maybe_text("unreadable_because")
    if readable == (because is not None):
        raise entry.refuse(
            "readable and unreadable_because do not go together", "Give the reason for readable = false, and only then"
        )
    pattern = _maybe_pattern(entry, "pattern")
    calendar = entry.one_of("calendar", CALENDARS) if readable or entry.has("calendar") else None
    rule = DateCodeRule(
        id=rule_id,
        maker=maker,
        standard=standard,
        brand_lines=brand_lines,
        part_families=tuple(_compiled(entry, "part_families", p) for p in entry.texts("part_families")),
        title=entry.text("title"),
        readable=readable,
        unreadable_because=because,
        pattern=pattern,
        fields=MappingProxyType({k: str(v) for k, v in entry.mapping("fields").items()}),
        calendar=calendar,
        year_digits=entry.whole("year_digits") if readable else None,
        months=_months(entry, calendar),
        years=_years(entry),
        years_every=entry.whole("years_every") if entry.has("years_every") else None,
        buckets=_buckets(entry),
        tolerance_days=entry.whole("tolerance_days") if readable else 0,
        status=entry.one_of("status", STATUSES),
        specificity=entry.one_of("specificity", SPECIFICITIES) if readable else None,
        standalone=entry.flag("standalone", otherwise=True) if readable else False,
        after=_maybe_pattern(entry, "after"),
        before=_maybe_pattern(entry, "before"),
        require_neighbour=entry.flag("require_neighbour", otherwise=False),
        ambiguity=entry.maybe_text("ambiguity"),
        note=entry.maybe_text("note"),
        sources=citations(entry, "source"),
        examples=tuple(_example(e) for e in entry.entries("example")),
        counter_examples=tuple(_counter_example(e) for e in entry.entries("counter_example")),
    )
    refusal = _disagreement(rule)  # before the unknown keys: an unreadable rule asks for fewer
    if refusal is not None:
        raise entry.refuse(*refusal)
    entry.done()
    return rule


def _disagreement(rule: DateCodeRule) -> tuple[str, str] | None:
    """Say what of a rule contradicts the rest of it, and what to do; None: nothing does."""
    if not rule.readable:
        if any((rule.pattern, rule.calendar, rule.fields, rule.months, rule.years, rule.buckets, rule.examples)):
            return ("it is not readable and says how to read it", "Leave out pattern, fields, calendar and examples")
        return None
    if rule.pattern is None or rule.calendar is None:
        return ("pattern is missing", "Write the pattern of one token, with named groups")
    groups, needed = set(rule.pattern.groupindex), set(CALENDARS[rule.calendar])
    if groups != set(rule.fields):
        odd = ", ".join(sorted(groups ^ set(rule.fields)))
        return (f"pattern and fields differ in {odd}", "Give each named group its meaning in fields, and nothing else")
    if not needed <= groups:
        return (
            f"calendar {rule.calendar!r} needs the groups {', '.join(sorted(needed))}",
            "Name these groups in the pattern, or correct the calendar",
        )
    if rule.year_digits not in (1, 2, 4) or (rule.years and rule.year_digits != 4):
        return (f"year_digits = {rule.year_digits}", "Write 1, 2 or 4; with a table of years 4")
    if rule.years_every is not None and (not rule.years or rule.years_every < len(rule.years)):
        return (
            f"years_every = {rule.years_every}",
            "Write it with a table of years, and not less than that has letters",
        )
    if bool(rule.buckets) != (rule.calendar == "six-week-bucket"):
        return ("buckets and calendar do not go together", "Give buckets to a six-week-bucket rule, and only to it")
    if rule.require_neighbour and rule.after is None and rule.before is None:
        return ("require_neighbour, but no neighbour is described", "Write after or before")
    if not rule.examples:
        return ("it has no example", "Add an example with its ranges")
    return None


def _maybe_pattern(entry: Entry, key: str) -> re.Pattern[str] | None:
    text = entry.maybe_text(key)
    return None if text is None else _compiled(entry, key, text)


def _compiled(entry: Entry, key: str, text: str) -> re.Pattern[str]:
    try:
        # ASCII: a digit of another script is a misreading to be settled before, never a year.
        return re.compile(text, re.ASCII)
    except re.error as err:
        raise entry.refuse(f"{key} {text!r} is no pattern: {err}", "Mend the pattern where the message says") from err


def _months(entry: Entry, calendar: str | None) -> Mapping[str, int]:
    value = entry.anything("months")
    if value is None:
        numeric = {f"{n:02d}": n for n in range(1, 13)} if calendar in ("month", "day") else {}
        return MappingProxyType(numeric)
    letters = list(value) if isinstance(value, str | list) else []
    known = [c for c in letters if isinstance(c, str) and c]
    if not 1 <= len(known) <= 12 or len(set(known)) != len(letters):
        raise entry.refuse(f"months = {value!r}", "Write one character a month, January first, none twice")
    return MappingProxyType({c: n for n, c in enumerate(known, 1)})


def _years(entry: Entry) -> Mapping[str, int]:
    years = {}
    for letter, year in entry.mapping("years").items():
        if isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 2100:
            raise entry.refuse(f"years: {letter} = {year!r}", "Write each year as a number such as 2018")
        years[letter] = year
    return MappingProxyType(years)


def _buckets(entry: Entry) -> Mapping[str, tuple[int, int]]:
    buckets = {}
    for code, weeks in entry.mapping("buckets").items():
        if not isinstance(weeks, list) or len(weeks) != 2 or not all(type(w) is int and 1 <= w <= 53 for w in weeks):
            raise entry.refuse(f"buckets: {code} = {weeks!r}", "Write first and last week, as in [6, 11]")
        buckets[code] = (weeks[0], weeks[1])
    return MappingProxyType(buckets)


def _example(entry: Entry) -> RuleExample:
    token = entry.text("token")
    entry.named(token)
    constructed = entry.flag("constructed", otherwise=False)
    url = entry.maybe_url("url")
    if constructed == (url is not None):
        raise entry.refuse("an example was seen somewhere or made by us", "Write either url or constructed = true")
    try:
        ranges = tuple(DateRange(from_on=a, until_on=b) for a, b in entry.day_pairs("ranges"))
    except InputError as err:
        raise entry.refuse(f"ranges: {err.what}", "Write each range as [from, until], the earlier first") from err
    example = RuleExample(
        token=token,
        previous=entry.maybe_text("previous"),
        next=entry.maybe_text("next"),
        known_by=entry.day("known_by"),
        ranges=ranges,
        url=url,
    )
    entry.done()
    return example


def _counter_example(entry: Entry) -> CounterExample:
    example = CounterExample(token=entry.text("token"), why=entry.text("why"))
    entry.done()
    return example
