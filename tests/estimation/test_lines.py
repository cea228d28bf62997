"""Lines of evidence side by side: pooled where they overlap, named where they disagree, else refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from taggant.errors import InputError
from taggant.estimation.joint_lines import weigh_lines
from taggant.estimation.line_clashes import clashes_of
from taggant.estimation.line_sources import umbrellas_of
from taggant.estimation.lines import EvidenceLine
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.statistics.pooling import even_between, linear_pool, one_sided_limits

ON = date(2025, 1, 1)


def _table(name: str, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    schema = frame_schema(TYPED.get(name) or DERIVED[name])
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema).lazy()


def _serials(*numbers: int, designation: str = "Kite") -> list[dict[str, Any]]:
    return [
        {"item_id": f"i{n}", "verbatim": f"K{n}", "state": "read", "prefix": "K", "prefix_as_written": "K",
         "normalised": f"K{n}", "number": n,
         "kind": "uav", "designation": designation, "incident_id": f"e{n}", "read_quality": "sure",
         "block_id": f"uav|{designation}||K", "n_readings": 1, "disagrees": [], "existed_on": ON}
        for n in numbers
    ]  # fmt: skip


def _claim(n: int, low: float | None, high: float | None, **more: Any) -> dict[str, Any]:
    return {"claim_id": f"c{n}", "source_id": f"s{n}", "topic": "production.made", "scope": "Kite", "stance": "assert",
            "measure": "total", "quantity_low": low, "quantity_high": high, "unit": "items",
            "period_until": date(2025, 1, 2), "period": "../2025-01-01", **more}  # fmt: skip


def _use(launched: int, **more: Any) -> dict[str, Any]:
    return {"period": "2024", "designation": "Kite", "source_id": "air", "launched": launched, "includes_decoys": False,
            "period_from": date(2024, 1, 1), "period_until": date(2025, 1, 1), **more}  # fmt: skip


def _weigh(
    serials: list[dict[str, Any]] | None = None, claims: list[dict[str, Any]] | None = None,
    use: list[dict[str, Any]] | None = None, **parameters: str,
) -> Answer:  # fmt: skip
    said = claims or []
    return weigh_lines(
        serial_reading=_table("serial_reading", serials or []), run_restart=_table("run_restart", []),
        incident=_table("incident", []),
        claim=_table("claim", said),
        claim_root=_table("claim_root", [{"claim_id": c["claim_id"], "root": c["source_id"]} for c in said]),
        use=_table("use", use or []), plan=_table("plan", []), judgement=_table("judgement", []), as_of=ON,
        **parameters,
    )  # fmt: skip


def _of(answer: Answer, scope: str = "Kite") -> Finding:
    return next(f for f in answer.findings if f.finding_id == f"how-many:lines:{scope}")


NUMBERS = (19, 150, 240, 333, 420, 480)


def test_lines_that_overlap_are_pooled() -> None:
    """Serials up to 480 and a claim of 500 to 600: a number for both, between the least and the greatest."""
    found = _of(_weigh(_serials(*NUMBERS), [_claim(1, 500, 600)]))
    assert found.statement == "how-many.lines"
    headline = found.result.headline
    assert headline is not None
    assert 375 <= float(headline.low) < 600  # type: ignore[arg-type]
    assert {b.method for b in found.result.beside} == {"serials K", "claims of s1"}
    assert {"without serials K", "without claims of s1"} <= {c.change for c in found.result.sensitivity}


def test_lines_that_disagree_give_no_number_but_ways_out() -> None:
    """A claim of five times as many: no number for both; scope, gaps or another time would reconcile them."""
    found = _of(_weigh(_serials(*NUMBERS), [_claim(1, 9000, 9500)]))
    assert found.statement == "how-many.lines.disagree"
    assert found.result.refused is not None
    assert "disagree" in found.result.refused.why
    ways = {d.name.rpartition(": ")[2] for d in found.result.diagnostics if d.name.startswith("would reconcile")}
    assert {"scope", "runs", "period", "error"} <= ways
    assert found.contradicts


def test_a_total_of_an_earlier_day_is_a_floor() -> None:
    """Claimed by the middle of the year before: at least so many by now, and no contradiction."""
    found = _of(_weigh(_serials(*NUMBERS), [_claim(1, 100, 120, period_until=date(2024, 7, 1))]))
    assert found.statement == "how-many.lines.one"
    line = next(b for b in found.result.beside if b.method == "claims of s1")
    assert (line.low, line.high) == (100, None)


def test_rates_count_over_their_time_and_not_without_one() -> None:
    """Ten a day over the 366 days of 2024 are 3,660; the same without a time is of no number."""
    timed = {"measure": "rate", "per": "day", "period_from": date(2024, 1, 1), "period_until": date(2025, 1, 1)}
    found = _of(_weigh(claims=[_claim(1, 10, None, **timed), _claim(2, 10, None, measure="rate", per="day",
                                                                    period_until=None)]))  # fmt: skip
    lines = {b.method: b.low for b in found.result.beside}
    assert lines == {"claims of s1": 3660, "claims of s2": None}


def test_a_capacity_bounds_from_above_only_in_its_time() -> None:
    """At most 5 a day in 2024: nothing at least."""
    timed = {"measure": "capacity", "per": "day", "period_from": date(2024, 1, 1), "period_until": date(2025, 1, 1)}
    found = _of(_weigh(_serials(*NUMBERS), [_claim(1, 5, 5, **timed)]))
    line = next(b for b in found.result.beside if b.method == "claims of s1")
    assert line.low is None


def test_use_counts_after_decoys_imports_and_stock() -> None:
    """1,000 plain and 1,000 with at most 40% decoys, less 300 handed over and 100 in stock: at least 1,200."""
    rows = [_use(1000), _use(1000, includes_decoys=True, period="2023", period_from=date(2023, 1, 1),
                             period_until=date(2024, 1, 1))]  # fmt: skip
    given = _claim(1, 250, 300, topic="transfer.delivered")
    found = _of(_weigh(claims=[given], use=rows, decoy_share="0.2-0.4", opening_stock="100"))
    assert found.result.headline is not None
    assert found.result.headline.low == 1200
    unknown = _of(_weigh(claims=[given], use=rows))
    assert unknown.result.headline is not None
    assert unknown.result.headline.low == 700
    unnumbered = _of(_weigh(claims=[_claim(1, None, None, topic="transfer.delivered", measure=None)], use=rows))
    assert unnumbered.statement == "how-many.lines.refused"
    assert "not known" in next(d for d in unnumbered.result.diagnostics if d.name == "use").reading


def test_money_and_weight_are_no_items() -> None:
    """A contract of 1.75 thousand million dollars was taken as so many drones brought in: no launch was left over."""
    given = _claim(1, 250, 300, topic="transfer.delivered", unit="drones")
    price = _claim(2, 1_750_000_000, 1_750_000_000, topic="transfer.ordered", unit="US dollar")
    gold = _claim(3, 1_788_402, 1_788_402, topic="transfer.ordered", unit="gram of gold")
    found = _of(_weigh(claims=[given, price, gold], use=[_use(1000)]))
    assert found.result.headline is not None
    assert found.result.headline.low == 700
    reading = next(d for d in found.result.diagnostics if d.name == "use").reading
    assert "US dollar, gram of gold count no items" in reading
    only = _of(_weigh(claims=[price], use=[_use(1000)]))
    assert only.statement == "how-many.lines.refused"
    share = _of(_weigh(claims=[_claim(1, 40, 40, unit="per cent of parts"), _claim(2, 500, None)]))
    assert share.result.headline is not None
    assert share.result.headline.low == 500
    said = next(d for d in share.result.diagnostics if d.name == "claims of s1").reading
    assert "per cent of parts" in said


def test_parts_of_an_umbrella_say_at_least() -> None:
    """The run of one type is a floor for the word that holds it, and never its number."""
    found = _of(_weigh(_serials(*NUMBERS), umbrellas="all kites: Kite, Hawk"), "all kites")
    assert found.statement == "how-many.lines.bounds"
    assert found.result.headline is not None
    assert found.result.headline.high is None


def test_nothing_and_bad_parameters() -> None:
    """No line, no finding; a share above one, or an umbrella that holds nothing, is named."""
    assert _weigh().findings == ()
    with pytest.raises(InputError, match=r"decoy_share=1\.4"):
        _weigh(decoy_share="1.4")
    with pytest.raises(InputError, match="no number"):
        _weigh(imports_most="many")
    with pytest.raises(InputError, match="does not say what it holds"):
        umbrellas_of("all kites")


def test_one_claim_and_two_serials_are_too_little_to_say_how_many() -> None:
    """Two serials cannot tell; one claim with an open end says at least."""
    found = _of(_weigh(_serials(19, 40), [_claim(1, 50, None)]))
    assert found.statement == "how-many.lines.bounds"
    assert found.result.left_out[0].n == 1


def test_pools_by_hand() -> None:
    """Half the mixture of 0–10 and 10–20 lies below 10; ends by Bonferroni may cross, and that is shown."""
    assert linear_pool([even_between(0, 10), even_between(10, 20)], [1, 1], [0.5])[0] == pytest.approx(10, abs=0.05)
    assert linear_pool([even_between(0, 10), even_between(10, 20)], [3, 1], [0.75])[0] == pytest.approx(10, abs=0.05)
    low, high = one_sided_limits([even_between(0, 10), even_between(20, 30)], 0.95)
    assert low > high
    with pytest.raises(InputError):
        linear_pool([], [], [0.5])
    with pytest.raises(InputError):
        even_between(2, 1)


def test_a_cap_below_a_floor_is_a_clash_whoever_says_it() -> None:
    """Launches above a claimed capacity's total: decoys, imports or stock would reconcile."""
    more = EvidenceLine(name="use", kind="use", reading="", low=500.0)
    less = EvidenceLine(name="claims of x", kind="claims", reading="", high=300.0)
    (clash,) = clashes_of("Kite", [less, more])
    assert (clash.more.name, clash.other.name) == ("use", "claims of x")
    assert "decoys, imports, stock" in {kind for kind, _ in clash.ways_out()}
