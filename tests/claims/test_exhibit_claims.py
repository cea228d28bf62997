"""Texts of a case: suggested, judged, and a claim of the case only when confirmed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from taggant.claims.exhibit_claims import suggest_claims
from taggant.evidence.judging import decide, suggestions, take_back
from taggant.ledger.ledger import Ledger
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED

TEXT = "On Monday it rained. The ministry said that the plant had made at least 300 Kestrel-2 drones since July 2023."


@pytest.fixture
def suggested(tmp_path: Path) -> pl.DataFrame:
    """What is suggested from one text and one empty file."""
    digests = {"a" * 64: TEXT, "b" * 64: "   "}
    for digest, text in digests.items():
        (tmp_path / digest[:2]).mkdir()
        (tmp_path / digest[:2] / digest).write_text(text, encoding="utf-8")
    names = list(frame_schema(TYPED["exhibit"]))
    rows = [
        {"exhibit_id": f"sha256:{d}", "file": f"press/{d[0]}.txt", "size": 1, "media_type": "text/plain"}
        for d in digests
    ]
    rows.append({"exhibit_id": "sha256:" + "c" * 64, "file": "claims.csv", "size": 1, "media_type": "text/plain"})
    exhibit = pl.DataFrame([{n: r.get(n) for n in names} for r in rows], schema=frame_schema(TYPED["exhibit"]))
    source = pl.DataFrame(schema=frame_schema(TYPED["source"]))
    answer = suggest_claims(exhibit=exhibit.lazy(), source=source.lazy(), as_of=None, exhibits=tmp_path)
    table = answer.tables["suggested_claim"]
    assert isinstance(table, pl.DataFrame)
    return table


def test_a_row_a_claim_with_its_words_marked_and_one_for_what_holds_none(suggested: pl.DataFrame) -> None:
    """The words stand between the brackets, cut out at their place; typed tables are no press."""
    assert suggested.schema == frame_schema(DERIVED["suggested_claim"])
    assert suggested["state"].to_list() == ["read", "not read"]
    one = suggested.row(0, named=True)
    assert TEXT[one["char_from"] : one["char_until"]] == one["quote"]
    assert one["marked"] == f"On Monday it rained. ⟦{one['quote']}⟧"
    assert one["locator"] == f"char={one['char_from']},{one['char_until']}"
    assert "holds no text" in suggested["why"][1]


def test_confirmed_it_is_a_claim_and_taken_back_it_is_none(suggested: pl.DataFrame, tmp_path: Path) -> None:
    """The row has quote, exhibit and place, stands in the commit of the judgement, and goes with it."""
    with Ledger.create(tmp_path / "case") as ledger:
        (one,) = suggestions(ledger, "claim", suggested)
        kept = decide(ledger, one, "confirm", author="ada")
        row = ledger.get("claim", f"read-{one.key}")
        assert row is not None
        assert row.body is not None
        assert str(row.body["quote"]) in TEXT
        assert row.body["exhibit"] == "sha256:" + "a" * 64
        assert (row.body["quantity_low"], row.body["via"], row.body["source_id"]) == (
            "300", ['"The ministry"'], "text-aaaaaaaaaaaa",
        )  # fmt: skip
        assert ledger.get("source", "text-aaaaaaaaaaaa") is not None
        take_back(ledger, kept, author="ada")
        assert ledger.get("claim", f"read-{one.key}") is None


def test_rejected_it_is_a_judgement_and_no_claim(suggested: pl.DataFrame, tmp_path: Path) -> None:
    """A rejection is kept; a rejection after a confirmation withdraws the row it had made."""
    with Ledger.create(tmp_path / "case") as ledger:
        (one,) = suggestions(ledger, "claim", suggested)
        decide(ledger, one, "reject", author="ada", why="about another plant")
        assert ledger.get("claim", f"read-{one.key}") is None
        (again,) = suggestions(ledger, "claim", suggested)
        assert (again.state, again.why) == ("rejected", "about another plant")
        decide(ledger, again, "confirm", author="bo")
        assert ledger.get("claim", f"read-{one.key}") is not None
        decide(ledger, suggestions(ledger, "claim", suggested)[0], "reject", author="bo")
        assert ledger.get("claim", f"read-{one.key}") is None
