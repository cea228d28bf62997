"""What is said of the real case: claims, use, commitments, parties, transfers, features; dates in order, roots one."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from datetime import date
from importlib.resources import as_file
from pathlib import Path

import pytest

from taggant.claims.roots import chain as chain_to_root
from taggant.evidence.casefile import read_case_toml
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.model.typed_tables import BY_FILE
from taggant.reference.feature_files import load_features
from taggant.reference.kind_files import load_kinds
from taggant.reference.variant_files import load_variants
from taggant.writing.edtf import parse_edtf

from .geran_rows import CASE, TABLES, chain, relays, rows

AT_LEAST = {
    "sources": 60, "incidents": 16, "items": 16, "examinations": 16, "observations": 80, "features": 1, "references": 1,
    "components": 250, "markings": 7, "claims": 85, "use": 46, "commitments": 2, "parties": 10, "transfers": 10,
    "hypotheses": 3, "likelihoods": 9,
}  # fmt: skip
ROLES = {"consignor", "consignee", "carrier", "notify", "end user", "manufacturer", "distributor"}


def _first(text: str) -> date | None:
    return parse_edtf(text).from_on if text else None


def _end(text: str) -> date | None:
    return parse_edtf(text).until_on if text else None


def _assert_order(earlier: str, later: str, where: object) -> None:
    """Nothing may have begun after the other thing had certainly ended."""
    first, end = _first(earlier), _end(later)
    assert first is None or end is None or first < end, where


@pytest.mark.parametrize("table", TABLES)
def test_each_table_has_its_share(table: str) -> None:
    """The case is large enough to judge by."""
    assert len(rows(table)) >= AT_LEAST[table]


def test_dates_are_in_order() -> None:
    """Published before retrieved; occurred before recovered before known; said before published; since before until."""
    sources = {row["source_id"]: row for row in rows("sources")}
    for row in sources.values():
        _assert_order(row["published"], row["retrieved"], row)
        for nearer in row["relays"].split(";"):
            if nearer:
                _assert_order(sources[nearer]["published"], row["published"], (row["source_id"], nearer))
    incidents = {row["incident_id"]: row for row in rows("incidents")}
    for row in rows("items"):
        _assert_order(incidents[row["incident_id"]]["occurred"], row["recovered"], row)
        _assert_order(incidents[row["incident_id"]]["occurred"], row["known"], row)
        _assert_order(row["recovered"], row["known"], row)
    for row in rows("claims"):
        _assert_order(row["said"], sources[row["source_id"]]["published"], row)
        if row["stance"] in {"assert", "deny"} and row["topic"] in {"production.made", "use.launched"}:
            _assert_order(row["period"], row["said"], row)
    for row in rows("commitments"):
        _assert_order(row["since"], row["until"], row)
    for row in rows("transfers"):
        _assert_order(row["on"], sources[row["source_id"]]["published"], row)


def test_nobody_graded_a_claim() -> None:
    """Credibility and reliability stay empty until somebody grades them."""
    assert {row["credibility"] for row in rows("claims")} == {""}
    assert {row["shown_as"] for row in rows("transfers")} == {""}


def test_claims_say_what_sort_of_number_they_are() -> None:
    """A number has a unit; a rate has its time; low is not above high; a total has no `per`."""
    for row in rows("claims"):
        assert row["statement"], row
        low, high = row["quantity_low"], row["quantity_high"]
        if low or high:
            assert row["unit"], row
        else:
            assert row["unit"] + row["measure"] + row["per"] == "", row
        if low and high:
            assert float(low) <= float(high), row
        if row["measure"] == "rate":
            assert row["per"], row
        if row["measure"] in {"total", ""}:
            assert row["per"] == "", row


def test_a_chain_of_a_claim_names_sources() -> None:
    """Each step of `via` is a source of the case, or a described origin in quotes; own stands alone."""
    known = set(relays())
    for row in rows("claims"):
        assert set(chain(row)) <= known, row
        assert row["via"] == "own" or "own" not in row["via"].split(";"), row


def test_two_relays_of_one_statement_have_one_root() -> None:
    """The plant's director on two pages is one voice; two readers of one leak are one."""
    steps = relays()
    by_id = {row["claim_id"]: row for row in rows("claims")}

    def root(claim: str) -> str:
        row = by_id[claim]
        return chain_to_root(row["source_id"], row["via"].split(";"), steps).root

    assert root("prod-director-nine") == root("prod-director-nine-unn") == "zvezda-2025-07"
    assert root("prod-cyrillic") == root("prod-cyrillic-kp") == "ua-military"
    assert root("prod-wapo-6000") == root("prod-isis-2023-300") == "alabuga-papers"
    assert root("prod-cnn-5500") == root("prod-gur-2700") == root("cap-mesh-gerbera") == "gur-statements"
    assert root("trans-eu-low") != root("trans-ua-250")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trans-president-2400", "trans-president-2000"),
        ("prod-wapo-6000", "prod-wsj-2024-6000"),
        ("prod-cnn-5500", "prod-gur-2700"),
        ("prod-cinc-404", "prod-president-250"),
        ("count-rusi-317", "count-rusi-318"),
        ("trans-gur-fulfilled", "trans-ap-white"),
        ("cap-economist-video", "cap-deny-video"),
        ("trans-wh-2022-08", "trans-russia-2022-08"),
    ],
)
def test_contradictory_claims_both_stay(one: str, other: str) -> None:
    """Neither of two claims that contradict each other is dropped or mended."""
    assert {one, other} <= {row["claim_id"] for row in rows("claims")}


def test_every_topic_is_spoken_of() -> None:
    """Production, transfers, capability, producer, localisation, counts, use and commitments, and denials of them."""
    topics = Counter(row["topic"] for row in rows("claims"))
    assert set(topics) == {
        "production.made", "production.plan", "transfer.delivered", "transfer.ordered", "transfer.stopped",
        "localisation.share", "components.count", "capability.fitted", "use.launched", "producer.identified",
        "commitment",
    }  # fmt: skip
    assert Counter(row["stance"] for row in rows("claims"))["deny"] >= 10


def test_use_covers_each_month_once() -> None:
    """46 months without a gap, no month twice, no more stopped than launched; decoys said only where they are known."""
    use = rows("use")
    months = [_first(row["period"]) for row in use]
    assert len(use) == 46
    assert [(m.year, m.month) for m in months if m] == [
        ((2022 * 12 + 8 + i) // 12, (8 + i) % 12 + 1) for i in range(46)
    ]
    for row in use:
        assert int(row["stopped"]) <= int(row["launched"]), row
        assert (row["includes_decoys"] == "yes") == (row["period"] >= "2024-07"), row


def test_observed_features_are_declared_with_their_levels() -> None:
    """Each observation names a feature of the reference or of the case, and one of its levels."""
    levels = {(f.module, f.feature): set(f.levels) for f in load_features()}
    for row in rows("features"):
        assert (row["module"], row["feature"]) not in levels, row
        levels[row["module"], row["feature"]] = set(row["levels"].split(";"))
    modules = {(k.id, m.id) for k in load_kinds() for m in k.modules}
    kinds = {row["item_id"]: row["kind"] for row in rows("items")}
    for row in rows("observations"):
        assert row["value"] in levels[row["module"], row["feature"]], row
        if kinds[row["item_id"]] == "uav":
            assert ("uav", row["module"]) in modules, row


def test_features_that_tell_nothing_apart_are_observed_on_both_sides() -> None:
    """The features of both producers are there too, or the rest would look stronger than it is."""
    seen: dict[tuple[str, str], set[str]] = {}
    for row in rows("observations"):
        seen.setdefault((row["feature"], row["value"]), set()).add(row["item_id"])
    assert {"m214", "y-1276"} <= seen["control_dsp", "tms320f28335"]
    assert {"m214", "y-391"} <= seen["line_filter", "bnx023"]
    assert {"m214", "car-2023-07-a"} <= seen["name_stencil", "cyrillic_geran"]


def test_every_feature_of_the_reference_that_bears_on_a_producer_is_observed() -> None:
    """No feature is left out because nobody liked its value."""
    observed = {(row["module"], row["feature"]) for row in rows("observations")}
    expected = {(f.module, f.feature) for f in load_features() if f.module not in {"housing", "board"}}
    assert expected <= observed


def test_known_variants_are_of_the_reference() -> None:
    """A variant known otherwise is one of the reference and says how it is known."""
    variants = {v.id for v in load_variants()}
    for row in rows("references"):
        assert row["variant"] in variants, row
        assert row["basis"], row


def test_commitments_say_how_firm_they_are() -> None:
    """The understanding of 2023 was asked, not agreed; the resolution's drone rule has its end."""
    by_id = {row["commitment_id"]: row for row in rows("commitments")}
    assert by_id["understanding-2023"]["on_whose_word"] == "asked"
    assert (by_id["res2231-b4"]["until"], by_id["res2231-b4"]["stop"]) == ("2023-10-18", "transfer")


def test_transfers_name_parties_of_the_case_and_parties_have_known_roles() -> None:
    """Both ends are in parties.csv or empty; every role is one of the declared ones; no private person is a party."""
    parties = {row["party_id"] for row in rows("parties")}
    for row in rows("transfers"):
        assert {row["from_party"], row["to_party"]} - {""} <= parties, row
    for row in rows("parties"):
        assert {r for r in row["roles"].split(";") if r} <= ROLES, row
        assert row["kind"] in {"company", "ministry"}, row


def test_items_say_whether_they_are_one_find() -> None:
    """A list that may mix finds says so twice: in its column for machines, in its note for people."""
    for row in rows("items"):
        assert row["stands_for"] in {"one", "several"}, row
        assert (row["stands_for"] == "several") == row["note"].startswith("Series row"), row


def test_the_case_is_imported_without_an_issue(tmp_path: Path) -> None:
    """Every file is taken in, every row arrives, nothing is refused."""
    folder = tmp_path / "case"
    with as_file(CASE) as shipped:
        shutil.copytree(shipped, folder)
    assert len(read_case_toml(folder / "case.toml").plans) >= 19
    with Ledger.create(folder) as ledger:
        report = import_case(ledger, folder, author="test")
        assert report.issues == ()
        live = ledger.counts()
    names = {table: BY_FILE[table].name for table in TABLES}
    assert {table: live[names[table]] for table in TABLES} == {table: len(rows(table)) for table in TABLES}


@pytest.mark.needs("shared_data")
def test_numbers_are_those_of_the_shared_facts(shared_data: Path) -> None:
    """Each launch count is retyped right; each number of a production or transfer fact stands in a claim."""
    with (shared_data / "facts" / "monthly_launches.csv").open(encoding="utf-8", newline="") as lines:
        told = list(csv.DictReader(lines))
    use = rows("use")
    assert [(r["launched"], r["stopped"]) for r in use] == [
        (r["dataset_shahed_type_launched"], r["dataset_destroyed"]) for r in told
    ]
    totals = {(r["period"], r["quantity_low"]) for r in rows("claims") if r["topic"] == "use.launched"}
    assert {(r["month"], r["published_total"]) for r in told if r["published_total"]} <= totals
    numbers = {float(x) for r in rows("claims") for x in (r["quantity_low"], r["quantity_high"]) if x}
    for file in ("production_claims", "transfer_claims"):
        with (shared_data / "facts" / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            for fact in csv.DictReader(lines):
                for number in re.findall(r"\d+(?:\.\d+)?", fact["quantity"].replace("1.8 t gold", "")):
                    assert float(number) in numbers, fact
