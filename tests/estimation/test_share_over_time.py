"""Shares over time and makers still unseen: the tools on files, and the traps that must warn."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from taggant.cli import main
from taggant.errors import InputError
from taggant.estimation.dated_incidents import DatedIncident, read_part_file
from taggant.estimation.maker_coverage import coverage_finding, read_incidence_file
from taggant.estimation.share_over_time import share_finding


def _incidents(shares: list[float], n: int = 20, unknown: int = 0) -> list[DatedIncident]:
    start = date(2022, 1, 1)
    return [
        DatedIncident(
            incident_id=f"i{k}", from_on=start + timedelta(days=30 * k), until_on=start + timedelta(days=30 * k + 30),
            groups={"CN": round(s * n), "US": n - round(s * n)}, unknown=unknown,
        )
        for k, s in enumerate(shares)
    ]  # fmt: skip


def test_a_change_is_found_and_dated() -> None:
    """A fifth to four fifths between the twelfth and the thirteenth month."""
    found = share_finding(_incidents([0.2] * 12 + [0.8] * 12), group="CN")
    assert found.statement in ("what-changed.share.step", "what-changed.share.changed")
    headline = found.result.headline
    assert headline is not None
    assert headline.low is not None
    assert headline.high is not None
    assert date(2022, 11, 1) <= headline.low <= headline.high <= date(2023, 3, 1)  # type: ignore[operator]
    run = next(d for d in found.result.diagnostics if d.name.startswith("newest incidents with one share"))
    assert str(run.value).startswith("12 (")


def test_no_change_is_not_said() -> None:
    """The same share throughout."""
    assert share_finding(_incidents([0.4] * 20), group="CN").statement == "what-changed.share.constant"


def test_clusters_that_look_like_a_change_are_warned_of() -> None:
    """The trap: parts of one incident come together. As if independent a change is sure; it is not said."""
    rng = np.random.default_rng(5)
    for _ in range(20):
        shares = rng.beta(0.3 * 4, 0.7 * 4, 14).tolist()
        found = share_finding(_incidents(shares), group="CN")
        told = {d.name: d.value for d in found.result.diagnostics}
        if float(str(told["log10 Bayes factor if parts were independent"])) > 1:
            warned = next(a for a in found.result.assumptions if a.text.startswith("Parts of one incident"))
            assert warned.status == "weak"
            assert found.statement not in ("what-changed.share.step", "what-changed.share.trend")
            assert "false alarm of clustering" in warned.why
            return
    pytest.fail("no draw looked like a change")


def test_unknown_parts_counted_both_ways_can_forbid_a_change() -> None:
    """Half of all parts unknown: a change that only the known show fails."""
    few = [*_incidents([0.3] * 8, n=6, unknown=30), *_incidents([0.3] * 8 + [0.9] * 8, n=6, unknown=30)[8:]]
    found = share_finding(few, group="CN")
    assert found.statement in ("what-changed.share.open", "what-changed.share.constant")


def test_nothing_one_and_two() -> None:
    """No incident, one, two: refused, with how many more."""
    for n in (0, 1, 2):
        found = share_finding(_incidents([0.5] * n))
        assert found.result.refused is not None
        assert found.result.refused.enough.startswith(str(4 - n))


def test_a_file_of_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Columns of components.csv, semicolons, an unknown country, and JSON as Appendix B has it."""
    rows = ["Item-ID;Brand Country;made_stated"]
    for k in range(8):
        rows += [f"w{k};{'CN' if (k >= 4) == (p < 8) else 'US'};2022-{k + 1:02d}" for p in range(10)]
    file = tmp_path / "parts.csv"
    file.write_text("\n".join([*rows, "w0;;2022-01"]), encoding="utf-8")
    read = read_part_file(file)
    assert len(read.incidents) == 8
    assert read.incidents[0].unknown == 1
    with pytest.raises(SystemExit):
        main(["composition", str(file), "--group", "CN", "--json"])
    body = json.loads(capsys.readouterr().out)
    assert body["question"] == "what-changed"
    assert {"headline", "statement", "text", "inputs", "refused", "sensitivity"} <= body.keys()
    assert body["headline"]["unit"] == "date"


def test_a_file_that_is_none_says_what_is_missing(tmp_path: Path) -> None:
    """No group and no date: the names that would do are listed."""
    file = tmp_path / "x.csv"
    file.write_text("incident_id,colour\na,red\n", encoding="utf-8")
    with pytest.raises(InputError, match="brand_country"):
        read_part_file(file)


def test_coverage_of_long_and_wide_files(tmp_path: Path) -> None:
    """Both forms give the same incidences; an incident that showed none counts."""
    long, wide = tmp_path / "long.csv", tmp_path / "wide.csv"
    long.write_text("incident_id,maker\na,X\na,Y\nb,X\nc,\n", encoding="utf-8")
    wide.write_text("incident,X,Y\na,1,2\nb,1,0\nc,0,0\n", encoding="utf-8")
    assert read_incidence_file(long) == read_incidence_file(wide) == {"a": ["X", "Y"], "b": ["X"], "c": []}


def test_coverage_says_at_least_and_warns() -> None:
    """The estimate is a lower bound; its warning stands among the checks."""
    found = coverage_finding({f"i{k}": [f"m{k}", "common", f"m{k // 2}x"] for k in range(6)})
    assert any("lower bound" in str(d.value) for d in found.result.diagnostics)
    assert found.result.headline is not None
    assert found.result.headline.point_is == "Chao2, a lower bound"


def test_coverage_refuses_nothing_and_one() -> None:
    """No incident and one incident are not enough."""
    for shown in ({}, {"a": ["X"]}):
        assert coverage_finding(shown).result.refused is not None
