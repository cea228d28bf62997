"""Has it stopped, in a case: three stops apart, refusals that say why, and answers where dates allow them."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.run import Run, run


def _answered(tmp: Path, name: str) -> Run:
    folder = tmp / name
    with as_file(files("taggant").joinpath("cases", name)) as case:
        shutil.copytree(case, folder)
    with Ledger.create(folder) as ledger:
        import_case(ledger, folder, author="test")
    return run(folder, ["has-it-stopped"], on=date(2025, 6, 30))


@pytest.fixture(scope="module")
def kestrel(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The invented case, judged on a day of 2025."""
    return _answered(tmp_path_factory.mktemp("stops"), "kestrel")


@pytest.fixture(scope="module")
def geran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The real case, judged on the same day."""
    return _answered(tmp_path_factory.mktemp("stops"), "geran")


def _by_id(answers: Run) -> dict[str, dict[str, Any]]:
    return {str(f["id"]): f for f in answers.findings("has-it-stopped")}


def test_every_refusal_says_what_would_be_enough(geran: Run) -> None:
    """Of the real case nearly all is refused, and every refusal has its reason and its remedy."""
    found = _by_id(geran)
    for module in ("airframe", "engine", "electronics"):
        for stop in ("manufacture", "transfer"):
            refused = found[f"has-it-stopped:Iran:{module}:{stop}"]["refused"]
            assert refused["why"]
            assert refused["enough"]


def test_a_made_date_never_answers_for_a_hand_over(geran: Run, kestrel: Run) -> None:
    """Where no transfer is dated, transfer is refused, whatever is known of manufacture."""
    for answers in (geran, kestrel):
        rows = answers.table("stop").collect()
        handed = rows.filter((rows["stop"] == "transfer") & (rows["basis"].is_null()))
        assert handed["verdict"].null_count() == handed.height
        assert all("changed hands" in why or "sighting" in why for why in handed["why"])


def test_not_observed_and_not_examined_are_two_sentences(geran: Run) -> None:
    """A module examined in others and never seen of this producer is not observed; that is not: not made."""
    said = _by_id(geran)["has-it-stopped:Iran:engine:manufacture"]["text"]["en"]
    assert "not observed" in said
    assert "not the same as not made" in said


def test_use_is_read_from_counts_alone(geran: Run) -> None:
    """Launches counted in the last month counted: use goes on; no probability is made of it."""
    row = geran.table("stop").collect().filter(geran.table("stop").collect()["stop"] == "use").row(0, named=True)
    assert row["verdict"] == "goes on"
    assert row["posterior"] is None


def test_engines_with_dates_on_them_are_judged(kestrel: Run) -> None:
    """Dated engine plates give an answer with an end no earlier than the newest plate."""
    rows = kestrel.table("stop").collect().filter(kestrel.table("stop").collect()["basis"] == "dates of items")
    assert rows.height >= 1
    for row in rows.iter_rows(named=True):
        assert row["verdict"] in ("stopped", "reduced", "silent", "cannot tell")
        assert row["n_used"] >= 3
        assert 0 < row["posterior"] < 1
        assert row["end_low"] == row["last_on"]
        assert row["end_high"] is None or row["end_high"] >= row["end_low"]


def test_delays_end_on_the_day_it_became_known(kestrel: Run) -> None:
    """No delay is negative, and one bounded by a newest part has no least."""
    delays = kestrel.table("recovery_delay").collect()
    assert delays.height > 5
    assert delays["low_days"].min() >= 0  # type: ignore[operator]
    assert (delays.filter(delays["basis"] == "newest part")["low_days"] == 0).all()


def test_an_empty_case_is_refused_whole(tmp_path: Path) -> None:
    """Nothing known, nothing asked: the case's own finding says so."""
    from taggant.cli import main

    with pytest.raises(SystemExit):
        main(["new", str(tmp_path / "empty")])
    with pytest.raises(SystemExit):
        main(["add", str(tmp_path / "empty")])
    (only,) = _by_id(run(tmp_path / "empty", ["has-it-stopped"], on=date(2025, 1, 1))).values()
    assert only["refused"]["enough"]
