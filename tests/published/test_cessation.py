"""Published numbers of sighting records, and the acceptance numbers of the delay-conditional test.

Monk seal: Solow (1993), Ecology 74:962 (p .053, Bayes factor .37 in print).
Dodo: Roberts & Solow (2003), Nature 426:245 (1690, 1669 to 1797 in print; the formula gives 1690.418, 1669.133,
1798.879: both are kept). McInerny et al. (2006), Table 1.
The five sightings with delays are a hand-made example whose answers were derived twice, independently.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from taggant.cli import main
from taggant.errors import InputError, NotEnoughData
from taggant.statistics.cessation import stop_evidence
from taggant.statistics.sighting_records import (
    mcinerny_2006,
    ole,
    solow_1993,
    solow_1993b,
    solow_roberts_2003,
)
from taggant.statistics.silence import end_upper_limit, precedence_p, sightings, silence_needed, silence_p

_MADE, _DELAY = np.array([3.0, 10, 14, 20, 7]), np.array([8.0, 2, 15, 5, 1])
_SEAL = [1922, 1932, 1948, 1952]


def test_monk_seal() -> None:
    """First sighting (1915) is the start and does not count."""
    found = solow_1993(_SEAL, until=1992, start=1915)
    assert found.p == pytest.approx(0.0533143, abs=1e-6)
    assert found.bf_going_on == pytest.approx(0.374394, abs=1e-6)
    assert found.high == pytest.approx(1993.2455, abs=1e-3)


def test_the_house_test_is_solows_without_delays() -> None:
    """With all delays 0 and constant effort it is the same number."""
    assert silence_p(sightings([1915, *_SEAL], until=1992)) == pytest.approx(0.0533143, abs=1e-6)
    assert silence_p(sightings(_MADE, start=0, until=36)) == pytest.approx((20 / 36) ** 5, abs=1e-12)


def test_dodo() -> None:
    """The formula to four decimals; the paper to two years."""
    dodo = [1598, 1601, 1602, 1607, 1611, 1628, 1628, 1631, 1638, 1662]
    found = ole(dodo, until=2003)
    assert (found.end, found.low, found.high) == pytest.approx((1690.41786, 1669.13309, 1798.87904), abs=1e-4)
    assert (found.end, found.low, found.high) == pytest.approx((1690, 1669, 1797), abs=2)


def test_orchid() -> None:
    """Solow & Roberts (2003): p .1, estimate 1980, limit 2016, from the two newest of the record."""
    found = solow_roberts_2003([1976, 1978], until=1996)
    assert (found.p, found.end, found.high) == pytest.approx((0.1, 1980, 2016), abs=1e-9)


@pytest.mark.parametrize(("times", "until", "p"), [([2000, 2002, 2003], 2004, 0.333), ([2000, 2003, 2005], 2007, 0.36)])
def test_mcinerny(times: list[float], until: float, p: float) -> None:
    """(1 − n/t)^(T − t), n without the first: 1 − 2/3 = .333; (1 − 2/5)² = .36."""
    assert mcinerny_2006(times, until=until).p == pytest.approx(p, abs=0.0005)


def test_declining_record_in_exact_fractions() -> None:
    """Two sightings at 1 and 2 of 10, by hand: s = 3, F(2) = 1 − 2(1 − 2/3) = 1/3, F(10) = 1; so p = 1/3."""
    assert solow_1993b([1, 2], until=10, start=0).p == pytest.approx(1 / 3, abs=1e-15)


def test_acceptance_of_the_delay_conditional_test() -> None:
    """p, limits, Bayes factor, posteriors and silence needed of the worked example."""
    s = sightings(_MADE, known=_MADE + _DELAY, start=0, until=36)
    assert silence_p(s) == pytest.approx(0.1475244476, abs=1e-9)
    assert end_upper_limit(s) is None
    assert end_upper_limit(s, level=0.8) == pytest.approx(30.0779, abs=1e-3)
    evidence = stop_evidence([(s, None)])
    assert evidence.bf_stop == pytest.approx(1.034378, abs=1e-5)
    assert [evidence.posterior(q) for q in (0.1, 0.5, 0.9)] == pytest.approx([0.103083, 0.508449, 0.903001], abs=1e-5)
    assert silence_needed(s) == pytest.approx(42.986, abs=1e-3)
    dropped = sightings(_MADE, known=_MADE + _DELAY, until=36)
    assert silence_p(dropped) == pytest.approx(0.1670526914, abs=1e-9)


def test_acceptance_of_precedence_and_of_uncertain_sightings() -> None:
    """C(n + m − b, n)/C(n + m, n); and one sighting of chance .3 at a tenth of the window: .3 × .1 + .7."""
    assert precedence_p(6, 40, 15) == pytest.approx(0.0786052341, abs=1e-9)
    assert silence_p(sightings([1.0], start=0, until=10, valid=[0.3])) == pytest.approx(0.73, abs=1e-12)


def test_the_tool_gives_the_published_number(capsys: pytest.CaptureFixture[str]) -> None:
    """`taggant cessation` on the monk seal; one finding, its p and its word."""
    with pytest.raises(SystemExit) as ended:
        main(["cessation", "1915", *map(str, _SEAL), "--until", "1992", "--json"])
    assert ended.value.code == 0
    found = json.loads(capsys.readouterr().out)
    p = next(d["value"] for d in found["diagnostics"] if d["name"] == "p of the silence")
    assert p == pytest.approx(0.0533143, abs=1e-6)
    assert found["verdict"] == "cannot tell"
    assert found["headline"]["low"] == 1952


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--until", "2024"], "cannot be told"),
        (["2023-01", "2023-02", "--until", "2024"], "cannot be told"),
        (["2023-01", "--until", ""], "--until is missing"),
        (["2025-01", "2023-02", "2023-05", "2023-06", "--until", "2024-01"], "after the cut"),
        (["2023-02-01", "2023-03-01", "2023-05-01@2023-01-01", "--until", "2024"], "before it was made"),
        (["2023-02", "2023-03", "2023-05", "--from", "2025", "--until", "2024"], "not before --until"),
        (["7", "2023-02-01", "--until", "2024"], "mixed"),
        (["soon", "--until", "2024"], "soon"),
        (["-5", "--until", "2024"], "No such option"),
        (["2022-01-05", "2022-03-01", "2022-05-01", "--until", "2021-01-01"], "made after the cut, 2021-01-01"),
        (
            ["2022-01-05", "2022-03-01", "2023-05-01", "--until", "2023-01-01", "--method", "solow-1993"],
            "cut, 2023-01-0",
        ),
    ],
)
def test_what_cannot_be_judged_is_said_plainly(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """None, two, late, mixed and unreadable sightings: a refusal or an error in words, never a number."""
    with pytest.raises(SystemExit):
        main(["cessation", *words])
    out = capsys.readouterr()
    assert said in out.out + out.err


def test_bad_sightings_are_refused() -> None:
    """Known before made, known after the cut, before the start."""
    for bad in (
        {"made": [5.0], "known": [4.0], "start": 0, "until": 10},
        {"made": [5.0], "known": [11.0], "start": 0, "until": 10},
        {"made": [5.0], "start": 6, "until": 10},
        {"made": [5.0], "start": 0, "until": 10, "valid": [0.0]},
    ):
        with pytest.raises(InputError):
            sightings(bad.pop("made"), **bad)  # type: ignore[arg-type]
    with pytest.raises(NotEnoughData):
        ole([1.0, 2.0], until=5)
