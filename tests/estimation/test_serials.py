"""Production from serials: what the headline says, when it refuses, and the command of its own."""

from __future__ import annotations

import json

import pytest

from taggant.cli import main
from taggant.errors import InputError
from taggant.estimation.serials import production_from_serials, serials_finding


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run a command; give exit code and what it printed."""
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out + err


def test_the_command_answers_the_textbook_case(capsys: pytest.CaptureFixture[str]) -> None:
    """19 40 42 60 from 1, flat: quantiles 60/75/200, headline 60–159, mean 88.5, sd 50.22."""
    code, said = run(capsys, "serials", "19", "40", "42", "60", "--start", "1", "--prior", "flat", "--json")
    assert code == 0
    finding = json.loads(said)
    assert [finding["quantiles"][q] for q in ("0.025", "0.5", "0.975")] == [60, 75, 200]
    assert (finding["headline"]["low"], finding["headline"]["high"], finding["headline"]["level"]) == (60, 159, 0.95)
    assert finding["headline"]["interval"].startswith("from the largest seen")
    assert finding["mean"] == pytest.approx(88.5)
    assert finding["sd"] == pytest.approx(50.22, abs=0.005)
    assert finding["text"]["en"].startswith("Between 60 and 159 had been made")
    assert set(finding) >= {"id", "on", "verdict", "weights", "roots", "commit", "inputs", "supports", "contradicts"}
    assert finding["inputs"][0].startswith("sha256:")


def test_the_command_prints_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Sentence, quantiles, what would move it, what it assumes; and a refusal with what would be enough."""
    code, said = run(capsys, "serials", "391", "954", "1276", "1311", "8465", "12686", "18358")
    assert code == 0
    for words in (
        "serials-block-v1",
        "prior flat instead of 1/N",
        "untestable",
        "method goodman",
        "without the largest",
    ):
        assert words in said
    code, said = run(capsys, "serials", "60", "61")
    assert code == 0
    assert "cannot be told" in said
    assert "1 more independent serial" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("0", "5", "9"), "below 1"),
        (("5", "6", "9", "--max", "4"), "cannot hold"),
        (("5", "x"), "'x' is not a whole number"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    """A serial that does not fit the start, a capacity below what was seen, a word for a number."""
    code, said = run(capsys, "serials", *words)
    assert code == 2
    assert says in said


def test_none_one_and_two_serials_are_refused() -> None:
    """A refusal is a result: it says how many more would be enough. A repeated number is no second one."""
    for serials, missing in (([], "3 independent"), ([5], "2 more"), ([5, 9], "1 more"), ([5, 5, 9], "1 more")):
        result = production_from_serials(serials)
        assert result.headline is None
        assert result.refused is not None
        assert result.refused.enough.startswith(missing)
    assert production_from_serials([5, 5, 9]).left_out[0].n == 1


def test_three_numbers_of_one_incident_are_one() -> None:
    """Three serials, one event: refused; three events of two serials: answered as three."""
    assert production_from_serials([5, 6, 9], n_independent=1).refused is not None
    pairs = production_from_serials([5, 6, 50, 51, 90, 91], n_independent=3)
    alone = production_from_serials([5, 6, 50, 51, 90, 91])
    assert pairs.n_used == 3
    assert pairs.headline is not None
    assert alone.headline is not None
    assert pairs.headline.low == alone.headline.low
    assert pairs.headline.high > alone.headline.high  # type: ignore[operator]
    assert any("one incident" in c.change for c in pairs.sensitivity)


def test_the_low_end_is_what_was_seen() -> None:
    """From 1: the largest number. From anywhere: the span."""
    known, free = (production_from_serials([19, 40, 42, 60], start=s).headline for s in ("1", "any"))
    assert known is not None
    assert free is not None
    assert (known.low, free.low) == (60, 42)


def test_assumptions_take_the_status_the_numbers_give_them() -> None:
    """Even numbers only: gaps fail. All near one end: weak. A hundred numbers: the prior hardly matters."""

    def status(serials: list[int], text: str, start: str = "1") -> str:
        result = production_from_serials(serials, start=start)  # type: ignore[arg-type]
        return next(a.status for a in result.assumptions if a.text.startswith(text))

    assert status([10, 20, 50, 90, 130], "Numbers run without gaps") == "fails"
    assert status([11, 20, 50, 90, 130], "Numbers run without gaps") == "untestable"
    assert status([1, 2, 4, 5, 7, 9, 12, 14, 17, 21, 26, 30, 38, 47, 60, 82], "Each item is equally likely") == "weak"
    assert status(list(range(5, 1001, 5)), "Before anything was seen") == "ok"
    assert status([5, 90, 120], "Before anything was seen") == "weak"


def test_a_tail_without_an_end_stays_open_in_the_table() -> None:
    """Three numbers, any start, flat: an answer; without the largest one there is none, and the row says so."""
    result = production_from_serials([5, 9, 60], start="any", prior="flat", n_max=100)
    assert result.headline is not None
    assert result.headline.high <= 100  # type: ignore[operator]
    rows = {c.change: c.high for c in result.sensitivity}
    assert rows["capacity 3 times as large"] > rows["prior 1/N2 instead of flat"]  # type: ignore[operator]


def test_a_serial_that_does_not_fit_is_an_error_and_the_input_stays() -> None:
    """Nothing is written into the caller's list."""
    serials = [9, 0, 5]
    with pytest.raises(InputError, match="serial 0 is below 1"):
        production_from_serials(serials)
    assert serials == [9, 0, 5]


def test_the_finding_names_a_sentence_and_its_values() -> None:
    """No room writes a sentence."""
    finding = serials_finding([19, 40, 42, 60])
    assert finding.statement == "how-many.serials"
    assert finding.values["largest"].value == 60
    assert serials_finding([]).statement == "how-many.serials.refused"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "no serial number is given"),
        (("a", "b"), "'a' is not a whole number"),
        (("И002", "И004", "И009"), "Leave the letters out: 2"),
        (("-5", "3", "4"), "serial -5 is below 1"),
        (("3", "4.5"), "'4.5' is not a whole number"),
        (("1", "2", "9" * 19), "19 digits"),
        (("--pior", "flat", "3"), "no option is named --pior"),
    ],
)
def test_what_is_no_number_is_an_error_object(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    """Nothing, letters, Cyrillic, negative, a fraction, too long, a wrong option: plain words; JSON with --json."""
    code, said = run(capsys, "serials", *words)
    assert code == 2
    assert says in said
    assert "Usage" not in said
    code, said = run(capsys, "serials", *words, "--json")
    assert code == 2
    error = json.loads(said)["error"]
    assert says in f"{error['what']} {error['next']}"


def test_negative_numbers_count_where_a_run_may_begin_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """-5, 3 and 4 span ten numbers."""
    code, said = run(capsys, "serials", "-5", "3", "4", "--start", "any", "--prior", "1/N2", "--json")
    assert (code, json.loads(said)["headline"]["low"]) == (0, 10)


def test_one_huge_number_no_longer_drives_the_headline(capsys: pytest.CaptureFixture[str]) -> None:
    """12 40 33 21 99999999: the answer is that of the four, the fifth is named, and what it would do is a row."""
    finding = serials_finding([12, 40, 33, 21, 99999999])
    alone = serials_finding([12, 40, 33, 21]).result.headline
    headline = finding.result.headline
    assert headline is not None
    assert alone is not None
    assert (headline.low, headline.high) == (alone.low, alone.high)
    assert finding.statement == "how-many.serials.apart"
    assert finding.result.left_out[-1].n == 1
    row = next(c for c in finding.result.sensitivity if c.change.startswith("with the numbers that do not fit"))
    assert (row.low, row.high) == (99_999_988, 182_056_406), "all five count there"
    _, said = run(capsys, "serials", "12", "40", "33", "21", "99999999")
    assert "1 number more (99999999) is misread or another run's, as the others say" in " ".join(said.split())


def test_two_runs_pooled_are_refused() -> None:
    """Four low and three high numbers: hardly one run; each may be asked about alone."""
    refused = serials_finding([12, 40, 33, 21, 5000, 5100, 5230]).result.refused
    assert refused is not None
    assert "hardly of one run" in refused.why


def test_all_equal_and_a_hundred_thousand() -> None:
    """Five times one number is one serial; 10^5 serials are answered, and the end lies close to the largest."""
    assert serials_finding([5] * 5).result.refused is not None
    headline = production_from_serials(range(7, 1_000_007, 10)).headline
    assert headline is not None
    assert headline.low == 999_991
    assert 0 < headline.high - headline.low < 100  # type: ignore[operator]
