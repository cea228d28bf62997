"""Plans of case.toml are rows: recorded with their place, compared on re-import, withdrawn by mirror."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from taggant.errors import BadTables
from taggant.evidence.intake import import_case
from taggant.evidence.templates import new_case
from taggant.ledger.ledger import Ledger

PLAN = """
[[plan]]
title = "{title}"
scope = "Kestrel"
quantity = {quantity}
by = "2025-06"
"""


@pytest.fixture
def case(tmp_path: Path) -> Iterator[tuple[Path, Ledger]]:
    """An empty case with its ledger."""
    folder = new_case(tmp_path / "case", "Kestrel")
    with Ledger.create(folder) as ledger:
        yield folder, ledger


def state(folder: Path, *plans: tuple[str, int | str], more: str = "") -> None:
    """Write these plans into the case file."""
    file = folder / "case.toml"
    head = file.read_text(encoding="utf-8").split("\n[[plan]]")[0]
    said = "".join(PLAN.format(title=title, quantity=quantity) for title, quantity in plans)
    file.write_text(head + said + more, encoding="utf-8")


def live(ledger: Ledger) -> dict[str, object]:
    """Title → quantity of the live plans."""
    frame = ledger.snapshot("plan").frame.collect()
    return dict(frame.select("title", "quantity").iter_rows())


def test_no_plan_one_plan_and_a_changed_one(case: tuple[Path, Ledger]) -> None:
    """None: no row. One: a row with its place. Changed: superseded. Unchanged: nothing."""
    folder, ledger = case
    import_case(ledger, folder, author="ada")
    assert live(ledger) == {}
    state(folder, ("100 by June", 100), ("200 by June", 200))
    assert import_case(ledger, folder, author="ada").tables["plan"].n_added == 2
    assert live(ledger) == {"100 by June": 100.0, "200 by June": 200.0}
    origin = ledger.history("plan", "200 by June")[0].origin
    assert origin is not None
    assert origin.startswith("sha256:")
    assert origin.endswith("#plan=2")
    state(folder, ("100 by June", 150), ("200 by June", 200))
    counts = import_case(ledger, folder, author="ada").tables["plan"]
    assert (counts.n_changed, counts.n_unchanged) == (1, 1)
    assert live(ledger)["100 by June"] == 150.0
    assert import_case(ledger, folder, author="ada").commit is None


def test_a_plan_taken_out_stays_until_the_file_is_mirrored(case: tuple[Path, Ledger]) -> None:
    """As rows of every file do; a mirror of an unchanged case file withdraws nothing."""
    folder, ledger = case
    state(folder, ("100 by June", 100), ("200 by June", 200))
    import_case(ledger, folder, author="ada")
    assert import_case(ledger, folder, author="ada", mirror=True).withdrawn == ()
    state(folder, ("200 by June", 200))
    import_case(ledger, folder, author="ada")
    assert set(live(ledger)) == {"100 by June", "200 by June"}
    state(folder, ("300 by June", 300))
    report = import_case(ledger, folder, author="ada", mirror=True)
    assert report.withdrawn == (("plan", "200 by June"),)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('measure = "speed"', "measure 'speed'"),
        ('measure = "rate"', "per stands with a rate"),
        ('per = "month"', "per stands with a rate"),
        ('since = "2025-13"', "plan 1"),
        ('source_id = "nobody"', "no row of sources is named 'nobody'"),
        (PLAN.format(title="100 by June", quantity=5), "the title of another plan"),
    ],
)
def test_a_wrong_plan_is_named_and_nothing_imported(case: tuple[Path, Ledger], more: str, says: str) -> None:
    """Unknown words, a rate without its time, a date that is none, an unknown source, two plans of one title."""
    folder, ledger = case
    state(folder, ("100 by June", 100), more=more + "\n")
    with pytest.raises(BadTables) as wrong:
        import_case(ledger, folder, author="ada")
    assert any(says in issue.what for issue in wrong.value.issues)
    assert live(ledger) == {}


def test_a_partial_import_leaves_out_a_plan_of_an_unknown_source(case: tuple[Path, Ledger]) -> None:
    """The other plan is taken; once the source exists the plan is taken too, from the same file."""
    folder, ledger = case
    state(folder, ("100 by June", 100), ("200 by June", 200), more='source_id = "later"\n')
    import_case(ledger, folder, author="ada", partial=True)
    assert set(live(ledger)) == {"100 by June"}
    (folder / "sources.csv").write_text("source_id,title\nlater,A report\n", encoding="utf-8")
    import_case(ledger, folder, author="ada")
    assert set(live(ledger)) == {"100 by June", "200 by June"}
