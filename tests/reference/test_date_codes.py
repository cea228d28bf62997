"""Date-code rules: each reads its examples, leaves its counter-examples, and gives ranges of the right length.

The calendars below are written from the definitions in the folder's README, apart from the decoder.
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from taggant.identification.date_codes import read_code
from taggant.reference import (
    FIRST_CANDIDATE,
    DateCodeRule,
    RuleExample,
    find_maker,
    load_date_code_rules,
    load_makers,
    rules_for,
)

RULES = load_date_code_rules()
READABLE = [r for r in RULES if r.readable]
EXAMPLES = [pytest.param(r, e, id=f"{r.id}-{e.token}") for r in READABLE for e in r.examples]
WEEK = timedelta(weeks=1)
NOTED = """
texas-instruments microchip atmel altera xilinx stmicroelectronics nxp freescale infineon international-rectifier vishay
fairchild nordic u-blox analog-devices maxim winbond issi semtech cts mornsun huawei ams-osram gigadevice toshiba
marvell shenzhen-avionics sino-ic
"""


def monday(year: int, week: int) -> date | None:
    """First day of an ISO week, or None when the year has no such week."""
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def span(rule: DateCodeRule, group: dict[str, str], year: int) -> tuple[date, date] | None:
    """What the groups mean in one year; None: nothing."""
    match rule.calendar:
        case "month":
            month = rule.months[group["month"]]
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        case "iso-week":
            first = monday(year, int(group["week"]))
            return None if first is None else (first, first + WEEK)
        case "january-1-week":
            new_year, week = date(year, 1, 1), int(group["week"])
            first = new_year - timedelta(days=new_year.weekday()) + (week - 1) * WEEK
            holds_next_new_year = first + WEEK > date(year + 1, 1, 1)
            return None if week < 1 or holds_next_new_year else (first, first + WEEK)
        case "six-week-bucket":
            begin, last = rule.buckets[group["bucket"]]
            first, end = monday(year, begin), monday(year + (last < begin), last)
            assert first is not None
            assert end is not None
            return first, end + WEEK
        case "day":
            try:
                day = date(year, rule.months[group["month"]], int(group["day"]))
            except ValueError:
                return None
            return day, day + timedelta(days=1)
        case other:
            raise AssertionError(f"no reading of {other} in this test")


def candidates(rule: DateCodeRule, token: str, known_by: date) -> list[tuple[date, date]]:
    """Every range the rule allows, oldest first."""
    assert rule.pattern is not None
    assert rule.year_digits is not None
    match = rule.pattern.fullmatch(token)
    assert match is not None, f"{rule.id} does not match {token}"
    group = match.groupdict()
    modulus = rule.years_every or 10**rule.year_digits
    printed = rule.years[group["year"]] if rule.years else int(group["year"])
    years = [y for y in range(FIRST_CANDIDATE.year, known_by.year + 2) if y % modulus == printed % modulus]
    spans = [s for y in years if (s := span(rule, group, y)) is not None]
    return [s for s in spans if FIRST_CANDIDATE <= s[0] <= known_by]


def test_every_maker_of_the_notes_has_a_rule() -> None:
    """None of the makers in the notes is left out."""
    assert set(NOTED.split()) <= {r.maker for r in RULES}
    assert len([r for r in RULES if r.maker == "texas-instruments"]) >= 4


def test_rules_that_text_cannot_be_read_by_say_why() -> None:
    """Bar codes, shared letters, an unread table: kept, with the reason, and without a pattern."""
    unreadable = {r.id: r for r in RULES if not r.readable}
    assert {"nxp-xson", "infineon-sot-letter"} <= set(unreadable)
    assert all(r.unreadable_because and r.pattern is None and not r.examples for r in unreadable.values())


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_reads_its_examples(rule: DateCodeRule, example: RuleExample) -> None:
    """The pattern matches, and the calendar gives the ranges of the file: all of them, oldest first."""
    assert [(r.from_on, r.until_on) for r in example.ranges] == candidates(rule, example.token, example.known_by)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_ranges_have_the_length_of_the_calendar(rule: DateCodeRule, example: RuleExample) -> None:
    """A week has seven days, a month its own, a run of weeks 14 to 49."""
    days = [(r.until_on - r.from_on).days for r in example.ranges if r.from_on and r.until_on]
    assert len(days) == len(example.ranges)
    allowed = {
        "month": {28, 29, 30, 31},
        "iso-week": {7},
        "january-1-week": {7},
        "six-week-bucket": {14, 28, 42, 49},
        "day": {1},
    }
    assert set(days) <= allowed[rule.calendar or ""]
    if rule.calendar == "month":
        assert all(r.from_on and r.from_on.day == 1 and r.until_on and r.until_on.day == 1 for r in example.ranges)


@pytest.mark.parametrize(
    ("rule", "token"), [pytest.param(r, c.token, id=f"{r.id}-{c.token}") for r in READABLE for c in r.counter_examples]
)
def test_a_rule_leaves_its_counter_examples(rule: DateCodeRule, token: str) -> None:
    """What the file calls no date of this form is not matched."""
    assert rule.pattern is not None
    assert rule.pattern.fullmatch(token) is None


@pytest.mark.parametrize("rule", READABLE, ids=lambda r: r.id)
def test_neighbours_of_examples_fit_where_they_are_required(rule: DateCodeRule) -> None:
    """Where a neighbour must be there, each example shows it, and it matches."""
    for example in rule.examples:
        for pattern, neighbour in ((rule.after, example.previous), (rule.before, example.next)):
            if pattern is not None and (rule.require_neighbour or neighbour is not None):
                assert neighbour is not None, f"{rule.id}: {example.token} shows no neighbour"
                assert pattern.fullmatch(neighbour) or not rule.require_neighbour, f"{rule.id}: {neighbour}"


@pytest.mark.parametrize("rule", READABLE, ids=lambda r: r.id)
def test_a_rule_is_tried_both_ways(rule: DateCodeRule) -> None:
    """At least one token it dates and one it must not touch."""
    assert any(e.ranges for e in rule.examples)
    assert rule.counter_examples


@pytest.mark.parametrize("rule", READABLE, ids=lambda r: r.id)
def test_tolerance_follows_the_calendar(rule: DateCodeRule) -> None:
    """Nobody states ISO weeks: seven days. Microchip states week 1, not its first day: six. Months: none."""
    expected = {"iso-week": 7, "six-week-bucket": 7, "january-1-week": 6, "month": 0, "day": 0}
    # The letters of Micron's two weeks are from memory: a run either way.
    assert rule.tolerance_days == (14 if rule.id == "micron-two-weeks" else expected[rule.calendar or ""])


def test_months_of_texas_instruments_go_on_with_letters() -> None:
    """9 is September, A October, B November, C December; there is no tenth digit."""
    months = next(r for r in RULES if r.id == "ti-ymlllls").months
    assert [months[c] for c in "19ABC"] == [1, 9, 10, 11, 12]
    assert "0" not in months
    assert "D" not in months


def test_the_week_of_1_january_is_not_the_iso_week() -> None:
    """1 January 2021 was a Friday: week 1 by Microchip begins in December, by ISO on 4 January."""
    rule = next(r for r in RULES if r.id == "microchip-yywwnnn")
    assert candidates(rule, "2101ABC", date(2022, 1, 1)) == [(date(2020, 12, 28), date(2021, 1, 4))]
    assert monday(2021, 1) == date(2021, 1, 4)


def test_a_brand_line_sees_the_rules_of_its_owner_and_the_owner_those_of_its_lines() -> None:
    """Own rules first; a rule kept to one line is not offered for its owner's other parts."""
    assert "ti-ymlllls" in [r.id for r in rules_for("national-semiconductor")]
    assert "ti-national-xxyy" in [r.id for r in rules_for("national-semiconductor")]
    assert "ti-national-xxyy" not in [r.id for r in rules_for("texas-instruments")]
    assert "ir-ywwp" in [r.id for r in rules_for("infineon")]
    assert rules_for("panjit") == ()


def test_every_seen_example_names_its_page_and_every_rule_its_sources() -> None:
    """Addresses are addresses; what was made up is marked as made up by having none."""
    for rule in RULES:
        assert all(s.url.startswith(("http://", "https://")) and s.retrieved for s in rule.sources)
        assert all(e.url is None or e.url.startswith(("http://", "https://")) for e in rule.examples)


def test_no_rule_is_inferred_from_nothing() -> None:
    """An inferred rule shows at least one mark that was really seen, or is doubtful and says it is from memory."""
    for rule in READABLE:
        if rule.status == "inferred" and not any(e.url for e in rule.examples):
            assert "from memory" in (rule.ambiguity or ""), rule.id


def test_letters_of_the_year_begin_again_after_twenty_years() -> None:
    """R1 of IEC 60062 is January 2003 or 2023; M is 2000 and 2020, G no year."""
    rule = next(r for r in RULES if r.id == "iec-60062-year-month")
    read = read_code("R1", rule, known_by=date(2026, 6, 30))
    assert read is not None
    assert [r.iso()[0] for r in read.ranges] == ["2003-01-01", "2023-01-01"]
    assert read_code("G1", rule, known_by=date(2026, 6, 30)) is None
    assert rule in rules_for("epcos")
    assert rule not in rules_for("texas-instruments")


# What the vectors call a maker where it is not the maker's name alone, and tokens that are the end of a printed group.
VECTOR_MAKERS = {"TI VP230 (GUR says Microchip)": "texas-instruments", "NXP (ex-Freescale)": "freescale"}
PRINTED = {"322": "6KOEX322"}


@pytest.mark.needs("shared_data")
def test_the_real_vectors_are_readable(shared_data: Path) -> None:
    """For each vector some rule of its maker matches the token, and the expected range is among the candidates."""
    with (shared_data / "facts" / "datecode_vectors.csv").open(encoding="utf-8", newline="") as file:
        vectors = list(csv.DictReader(file))
    assert len(vectors) >= 30
    for vector in vectors:
        maker_id = VECTOR_MAKERS.get(vector["maker"])
        if maker_id is None:
            maker = find_maker(vector["maker"])
            assert maker is not None, vector["maker"]
            maker_id = maker.maker_id
        token = vector["token"].split()[-1]
        token = PRINTED.get(token, token)
        known_by = date(2022, 9, 13) if vector["airframe"] == "M214" else date(2026, 6, 30)
        expected = expected_range(vector["decoded"].rstrip("?"))
        found = [
            c
            for r in rules_for(maker_id)
            if r.pattern is not None and r.pattern.fullmatch(token)
            for c in candidates(r, token, known_by)
        ]
        assert expected in found, f"{vector['gur_component_id']} {token}: {expected} not in {found}"


def expected_range(text: str) -> tuple[date, date]:
    """Read 2021-07, 2021-W17, 2023-07-18 of the vectors."""
    if week := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        first = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return first, first + WEEK
    if month := re.fullmatch(r"(\d{4})-(\d{2})", text):
        year, n = int(month[1]), int(month[2])
        return date(year, n, 1), date(year + n // 12, n % 12 + 1, 1)
    day = date.fromisoformat(text)
    return day, day + timedelta(days=1)


def test_brand_lines_are_makers() -> None:
    """What a rule is limited to is in the list of makers."""
    known = {m.maker_id for m in load_makers()}
    assert {line for r in RULES for line in r.brand_lines} <= known
