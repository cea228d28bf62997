"""The rules of reference/date_codes give what their own examples say, and sets where a code is not one date."""

from __future__ import annotations

from datetime import date

import pytest

from taggant.errors import InputError
from taggant.identification.date_codes import read_code
from taggant.reference import DateCodeRule, RuleExample, load_date_code_rules

RULES = {r.id: r for r in load_date_code_rules()}
EXAMPLES = [(r, e) for r in RULES.values() for e in r.examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda x: getattr(x, "id", getattr(x, "token", "")))
def test_each_example_reads_as_its_file_says(rule: DateCodeRule, example: RuleExample) -> None:
    """Every example of every rule runs: same ranges, oldest first; an impossible or too late one gives none."""
    read = read_code(example.token, rule, known_by=example.known_by)
    assert read is not None
    assert read.ranges == example.ranges
    assert read.impossible is None or not read.ranges


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.readable], ids=lambda r: r.id)
def test_counter_examples_give_no_date(rule: DateCodeRule) -> None:
    """What a rule says it does not read, it does not read."""
    for counter in rule.counter_examples:
        read = read_code(counter.token, rule, known_by=date(2026, 6, 30))
        assert read is None or not read.ranges, counter.token


def test_a_one_digit_year_gives_one_range_a_decade_until_it_was_known() -> None:
    """`18M` is August 2001, 2011 or 2021; known in 2015, 2021 falls away and that is counted."""
    rule = RULES["ti-yms"]
    late = read_code("18M", rule, known_by=date(2022, 9, 13))
    early = read_code("18M", rule, known_by=date(2015, 1, 1), as_of=date(2026, 1, 1))
    assert late is not None
    assert early is not None
    assert [r.from_on.year for r in late.ranges if r.from_on] == [2001, 2011, 2021]
    assert [r.from_on.year for r in early.ranges if r.from_on] == [2001, 2011]
    assert (late.n_before_closing, early.n_before_closing) == (3, 3)


def test_the_day_it_was_known_is_inside() -> None:
    """A part known on 1 August can be of August; known on 31 July it cannot."""
    rule = RULES["ti-yms"]
    for known_by, n in ((date(2021, 8, 1), 3), (date(2021, 7, 31), 2)):
        read = read_code("18M", rule, known_by=known_by)
        assert read is not None
        assert len(read.ranges) == n


def test_week_53_exists_only_in_long_years() -> None:
    """2020 had 53 ISO weeks, 2021 had 52."""
    rule = RULES["winbond-yyww"]
    long, short = (read_code(t, rule, known_by=date(2026, 6, 30)) for t in ("2053", "2153"))
    assert long is not None
    assert [r.iso() for r in long.ranges] == [["2020-12-28", "2021-01-04"]]
    assert short is not None
    assert short.ranges == ()
    assert short.impossible is not None


@pytest.mark.parametrize(("token", "reason"), [("2386", "week 86"), ("2300", "week 00"), ("2354", "week 54")])
def test_an_impossible_week_is_named(token: str, reason: str) -> None:
    """Weeks are 01-53; the reason says which week it was."""
    read = read_code(token, RULES["winbond-yyww"], known_by=date(2026, 6, 30))
    assert read is not None
    assert read.ranges == ()
    assert reason in (read.impossible or "")


def test_a_rule_text_cannot_be_read_by_is_refused_with_its_reason() -> None:
    """Bar codes on a tiny package are a documented rule and still no text."""
    bars = next(r for r in RULES.values() if not r.readable)
    with pytest.raises(InputError, match="cannot read text"):
        read_code("2217", bars, known_by=date(2026, 6, 30))
