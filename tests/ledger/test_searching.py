"""Find over many cases: any script, folded beside verbatim; links that a person makes, with their reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from taggant.errors import InputError, UnknownName
from taggant.evidence.case_links import link
from taggant.evidence.intake import import_case
from taggant.evidence.templates import new_case
from taggant.ledger.ledger import Ledger
from taggant.ledger.searching import find
from taggant.model.clearance import cleared
from taggant.model.findable import FINDABLE
from taggant.model.typed_tables import TYPED
from taggant.writing.patterns import fold_name, sought


def case(folder: Path, *serials: str, party: str | None = None) -> Path:
    """A case with an item a serial, and perhaps a party."""
    made = new_case(folder, folder.name)
    (made / "sources.csv").write_text("source_id,title\ns,A list\n", encoding="utf-8")
    rows = "".join(f'i{n},uav,"{serial}",s\n' for n, serial in enumerate(serials))
    (made / "items.csv").write_text(f"item_id,kind,serial_as_marked,source_id\n{rows}", encoding="utf-8")
    if party is not None:
        (made / "parties.csv").write_text(f'party_id,name,aliases,source_id\np,"{party}",,s\n', encoding="utf-8")
    with Ledger.create(made) as ledger:
        import_case(ledger, made, author="ada")
    return made


def places(pattern: str, *cases: Path, **options: bool) -> list[tuple[str, str, str, str]]:
    """Case, key, text and how of each hit."""
    found = find(pattern, cases, **options)  # type: ignore[arg-type]
    assert found.n_hits == len(found.hits)
    return [(h.case.name, h.key, h.text, h.how) for h in found.hits]


def test_each_column_looked_in_is_declared() -> None:
    """A column that is renamed is noticed here."""
    for f in FINDABLE:
        assert TYPED[f.table].column(f.column).name == f.column


def test_one_serial_is_found_however_it_is_written(tmp_path: Path) -> None:
    """Ы, ЬІ and Y are one letter; separators carry nothing; another letter is another serial."""
    a = case(tmp_path / "a", "Ы-391", "У-391")
    b = case(tmp_path / "b", "ЬІ 391", "Y391", "М-391")
    assert places("Ы-391", a, b) == [
        ("a", "i0", "Ы-391", "verbatim"), ("b", "i0", "ЬІ 391", "folded"), ("b", "i1", "Y391", "folded"),
    ]  # fmt: skip
    assert places("Ы-391", a, b, is_verbatim=True) == [("a", "i0", "Ы-391", "verbatim")]
    assert len(places("391", a, b)) == 5


def test_stars_and_question_marks(tmp_path: Path) -> None:
    """A star is any letters, none included; a question mark is exactly one; signs of SQL are letters like others."""
    a = case(tmp_path / "a", "K-100", "K-1000", "K-2", "50%_x", "50ABx")
    assert [p[1] for p in places("K-1?0", a)] == ["i0", "i1"]
    assert [p[1] for p in places("K-1?0", a, is_whole=True)] == ["i0"]
    assert [p[1] for p in places("K*0", a, is_whole=True)] == ["i0", "i1"]
    assert [p[1] for p in places("50%_x", a, is_verbatim=True)] == ["i3"]
    assert [p[1] for p in places("2", a)] == ["i2"]
    with pytest.raises(InputError, match="nothing to look for"):
        find("*?", [a])
    with pytest.raises(InputError, match="nothing to look for"):
        find("", [a])


def test_names_are_found_across_scripts(tmp_path: Path) -> None:
    """Ростех and Rostekh; a number in a name is found letter for letter only."""
    a = case(tmp_path / "a", "K1", party="ОАО «Ростех»")
    b = case(tmp_path / "b", "K1", party="Rostekh 5")
    assert [(p[0], p[3]) for p in places("Rostekh", a, b)] == [("b", "verbatim"), ("a", "folded")]
    assert [p[2] for p in places("5", a, b)] == ["Rostekh 5"]
    assert fold_name("Ростех") == fold_name("ROSTEH")
    assert sought("5%", folded_as="name") is None


def test_what_was_withdrawn_or_corrected_is_found_no_more(tmp_path: Path) -> None:
    """The folded copies follow the live rows."""
    a = case(tmp_path / "a", "K-1", "K-2")
    assert len(places("K-", a)) == 2
    with Ledger.open(a) as ledger:
        ledger.withdraw("item", "i0", author="ada", reason="twice")
    assert [p[2] for p in places("K-", a)] == ["K-2"]
    assert len(list((a / ".taggant" / "runs" / "find").glob("item-*.parquet"))) == 1


def test_an_empty_case_a_limit_and_an_unknown_table(tmp_path: Path) -> None:
    """Zero texts; the count is whole where the list is not; the tables looked in are named."""
    empty = new_case(tmp_path / "empty", "Empty")
    Ledger.create(empty).close()
    assert find("x", [empty]).n_texts == 0
    a = case(tmp_path / "a", *(f"K-{n}" for n in range(9)))
    found = find("K-", [a, empty], most=3)
    assert (len(found.hits), found.n_hits) == (3, 9)
    assert find("K-", [a], tables=["party"]).n_hits == 0
    with pytest.raises(InputError, match="item"):
        find("K-", [a], tables=["use"])


def test_a_link_keeps_both_names_and_the_reason(tmp_path: Path) -> None:
    """By folder the other thing is looked up; by its full name it is believed, and the record says which."""
    a, b = case(tmp_path / "a", "Ы-391"), case(tmp_path / "b", "ЬІ-391")
    with Ledger.open(a) as ledger:
        link(ledger, "item/i0", "item/i0", why="the same plate", relation="same", author="ada", other_case=b)
        [row] = ledger.live("case_link")
        other = str(row.body["other"])
        assert (row.body["was_seen"], row.body["relation"], row.body["other_case"]) == (True, "same", "b")
        link(ledger, "item/i0", other, why="looked again", author="bob")
        [again] = ledger.live("case_link")
        assert (again.body["was_seen"], again.body["why"]) == (False, "looked again")
        assert len(ledger.history("case_link", again.key)) == 2


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    """No reason, no row, no such case, the same case, another form."""
    a, b = case(tmp_path / "a", "K-1"), case(tmp_path / "b", "K-1")
    same = shutil.copytree(a, tmp_path / "same")
    with Ledger.open(a) as ledger:
        for thing, other, why, match in (
            ("item/i0", "item/i0", " ", "no reason"),
            ("item/zz", "item/i0", "w", "no live row item/zz"),
            ("item/i0", "item/zz", "w", "no live row item/zz"),
            ("i0", "item/i0", "w", "no TABLE/KEY"),
        ):
            with pytest.raises(InputError, match=match):
                link(ledger, thing, other, why=why, author="ada", other_case=b)
        with pytest.raises(InputError, match="does not say which case"):
            link(ledger, "item/i0", "item/i0", why="w", author="ada")
        with pytest.raises(InputError, match="this same case"):
            link(ledger, "item/i0", "item/i0", why="w", author="ada", other_case=same)
        with pytest.raises(UnknownName):
            link(ledger, "item/i0", "item/i0", why="w", author="ada", relation="twin", other_case=b)
        assert list(ledger.live("case_link")) == []


def test_what_withholds_a_thing_withholds_what_is_said_of_it(tmp_path: Path) -> None:
    """A link from a RED item, and a judgement on its serial, are not shown at CLEAR."""
    a = case(tmp_path / "a", "K-1", "K-2")
    (a / "items.csv").write_text(
        "item_id,kind,serial_as_marked,source_id,tlp\ni0,uav,K-1,s,RED\ni1,uav,K-2,s,CLEAR\n", encoding="utf-8"
    )
    from taggant.evidence.judging import decide, suggestions
    from taggant.run import run

    b = case(tmp_path / "b", "K-1")
    with Ledger.open(a) as ledger:
        import_case(ledger, a, author="ada")
        readings = run(a, tables=["serial_reading"]).table("serial_reading").collect()
        for suggestion in suggestions(ledger, "serial-reading", readings):
            decide(ledger, suggestion, "confirm", author="ada")
        for thing in ("item/i0", "item/i1"):
            link(ledger, thing, "item/i0", why="w", author="ada", other_case=b)
        tables = {name: ledger.snapshot(name).frame for name in ("item", "source", "judgement", "case_link")}
    shown = cleared(tables, case_level="CLEAR", level="CLEAR")
    assert shown.n_withheld == {"item": 1, "judgement": 1, "case_link": 1}
