"""Screening: what is found, what is not, and that it can be done again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from taggant.cli import main
from taggant.errors import EvidenceBroken, InputError
from taggant.model.tables import frame_schema
from taggant.model.tracing_tables import LISTING
from taggant.sources.lists import read_lists
from taggant.tracing.asked_names import parties_in
from taggant.tracing.bulk import screen_table
from taggant.tracing.likeness import NAME_ALONE, Party
from taggant.tracing.receipts import keep_receipt, read_receipt, receipt_of
from taggant.tracing.screening import Screen, Settings

ROWS: list[dict[str, Any]] = [
    {"entity": "1", "names": ["JOINT STOCK COMPANY CONCERN ALMAZ-ANTEY", "АО Алмаз-Антей"], "countries": ["RU"],
     "identifiers": ["inn:7731084175"], "kind": "organisation", "listed_on": date(2014, 7, 16)},
    {"entity": "2", "names": ["EMMR Y COMPANIA S A S"], "countries": ["CO"], "kind": "organisation"},
    {"entity": "3", "names": ["LIMITED LIABILITY COMPANY KINOATIS"], "kind": "organisation"},
    {"entity": "4", "names": ["Ivan Sergeevich PETROV"], "kind": "person", "delisted_on": date(2020, 1, 1)},
]  # fmt: skip


def screen(**settings: Any) -> Screen:
    """A small list ready to be asked."""
    fixed = {"list_id": "t", "version": "sha256:0"}
    frame = pl.DataFrame([{**fixed, "name": r["names"][0], **r} for r in ROWS], schema=frame_schema(LISTING))
    return Screen(frame.lazy(), Settings(**settings))


def test_a_name_alone_never_saturates() -> None:
    """Two parties may bear one name: same name and nothing else stays at 0.9 or below."""
    (done,) = screen().ask([Party(name=ROWS[0]["names"][0])])
    assert 0.8 < done.hits[0].score <= NAME_ALONE
    assert done.hits[0].absent == ("identifiers", "country")


def test_identifiers_agree_differ_or_are_absent() -> None:
    """A number that agrees lifts, one that differs lowers, none says nothing."""
    name = "Almaz Antey"
    agrees, differs, absent = (
        screen(least=0.1).ask([Party(name=name, identifiers=i)])[0].hits[0]
        for i in (("INN: 7731 084175",), ("inn:1",), ())
    )
    assert agrees.score >= 0.985 > absent.score > differs.score
    assert "inn:7731084175" in agrees.agrees
    assert differs.differs == ("identifier inn",)
    assert "identifiers" in absent.absent


def test_a_number_finds_an_entry_under_another_name() -> None:
    """A firm that changed its name is found by its number."""
    (done,) = screen().ask([Party(name="Romashka", identifiers=("inn:7731084175",))])
    assert [h.entity for h in done.hits] == ["1"]
    assert "name" not in done.hits[0].agrees


def test_country_and_kind_speak_for_and_against() -> None:
    """Little, either way."""
    here, there, other = (
        screen(least=0.1).ask([Party(name="Almaz Antey", country=c, kind=k)])[0].hits[0]
        for c, k in (("RU", None), ("CN", None), (None, "person"))
    )
    assert here.score > there.score
    assert "country RU" in here.agrees
    assert there.differs == ("country CN, listed RU",)
    assert other.differs == ("kind person, listed organisation",)


@pytest.mark.parametrize("name", ["Limited Liability Company EMMA", "EMMA LLC", "LLC", "", "?!"])
def test_traps_do_not_alert(name: str) -> None:
    """A legal form in common is no likeness."""
    assert screen().ask([Party(name=name)])[0].hits == ()


def test_as_of_a_day(tmp_path: Path) -> None:
    """Listed after the day, or taken off before it: no hit."""
    asked = [Party(name="Almaz-Antey"), Party(name="Ivan Sergeevich Petrov")]
    then = screen(as_of=date(2014, 7, 15)).ask(asked)
    since = screen(as_of=date(2014, 7, 16)).ask(asked)
    later = screen(as_of=date(2020, 1, 1)).ask(asked)
    assert [bool(s.hits) for s in (*then, *since, *later)] == [False, True, True, True, True, False]


def test_exact_script_compares_letters_as_written() -> None:
    """Without transliteration a Cyrillic query meets only Cyrillic names, and a misspelt one less."""
    (over,) = screen(exact_script=True).ask([Party(name="Алмаз-Антей")])
    assert [h.name for h in over.hits] == ["АО Алмаз-Антей"]
    assert screen(exact_script=True).ask([Party(name="Кинoатис ООО")])[0].hits == ()
    assert [h.entity for h in screen().ask([Party(name="ООО Киноатис")])[0].hits] == ["3"]


def test_names_come_from_a_table_from_lines_or_as_they_are(tmp_path: Path) -> None:
    """Columns by their usual heads; numbers and countries with them."""
    table = tmp_path / "p.csv"
    table.write_text("shipment;consignee;country;inn\n1;Kupol;ru;18\n2;;;\n", encoding="utf-8")
    assert list(parties_in(str(table))) == [
        Party(name="Kupol", country="RU", identifiers=("inn:18",), row=2), Party(name="", row=3),
    ]  # fmt: skip
    lines = tmp_path / "p.txt"
    lines.write_text("Kupol, Izhevsk\n\nEmma\n", encoding="utf-8")
    assert [p.name for p in parties_in(str(lines))] == ["Kupol, Izhevsk", "Emma"]
    with pytest.raises(InputError, match="no column 'buyer'"):
        list(parties_in(str(table), column="buyer"))
    with pytest.raises(InputError, match="no file"):
        list(parties_in("gone.csv"))


def test_a_receipt_that_was_changed_is_broken(tmp_path: Path) -> None:
    """Its id is the hash of what it says."""
    path = keep_receipt(receipt_of(screen().ask([Party(name="Almaz-Antey")]), Settings(), []), tmp_path)
    assert read_receipt(path)["answers"][0]["hits"][0]["entity"] == "1"
    path.write_text(path.read_text(encoding="utf-8").replace('"entity": "1"', '"entity": "2"'), encoding="utf-8")
    with pytest.raises(EvidenceBroken):
        read_receipt(path)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What the command prints for machines."""
    _run(words)
    return json.loads(capsys.readouterr().out)


def _run(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*words, "--json"])
    assert stop.value.code == 0


def test_the_command_and_its_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON is that of Appendix B; the replay prints the same; a changed list is refused."""
    listed, names = tmp_path / "l.csv", tmp_path / "n.csv"
    listed.write_text("id,name,country\n7,Завод Купол,RU\n", encoding="utf-8")
    names.write_text("name\nKupol plant\nnobody\n", encoding="utf-8")
    words = ("screen", str(names), "--list", str(listed), "--receipts", str(tmp_path / "r"))
    answers = said(capsys, *words)
    assert [sorted(a) for a in answers] == [["hits", "query", "receipt"]] * 2
    assert sorted(answers[0]["hits"][0]) == [
        "absent", "agrees", "alignment", "differs", "entity", "list", "name", "score",
    ]  # fmt: skip
    assert (answers[0]["hits"][0]["entity"], answers[1]["hits"]) == ("7", [])
    receipt = answers[0]["receipt"]
    assert said(capsys, "screen", "--replay", receipt) == answers
    moved = tmp_path / "moved.csv"
    listed.rename(moved)
    assert said(capsys, "screen", "--replay", receipt, "--list", str(moved)) == answers
    moved.write_text("id,name,country\n7,Завод,RU\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["screen", "--replay", receipt, "--list", str(moved), "--json"])
    assert stop.value.code == 2
    assert "not here as it was" in capsys.readouterr().out


def test_a_large_table_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted after two pieces, with half a line written: the whole is as if done at once."""
    monkeypatch.setattr("taggant.tracing.bulk.PIECE", 10)
    table = tmp_path / "t.csv"
    table.write_text("name\n" + "Almaz-Antey\nnobody\n" * 25, encoding="utf-8")
    ready, lists = screen(), {"t": "sha256:0"}
    whole = tmp_path / "whole.csv"
    screen_table(str(table), ready, whole, lists=lists)
    out = tmp_path / "out.csv"
    first = screen_table(str(table), ready, out, lists=lists, stop_after=2)
    assert (first.n_parties, first.n_hits) == (20, 10)
    with out.open("ab") as file:
        file.write(b"21,half a li")
    done = screen_table(str(table), ready, out, lists=lists)
    assert (done.n_parties, done.n_before, done.n_alerted) == (50, 20, 25)
    assert out.read_bytes() == whole.read_bytes()
    with pytest.raises(InputError, match="another question"):
        screen_table(str(table), ready, out, lists={"t": "sha256:1"})


@pytest.mark.needs("shared_data")
def test_listed_between_two_versions(shared_data: Path) -> None:
    """Entities added between OFAC's lists of June 2023 and May 2024, 100 and more, are found only in the later."""
    folder = shared_data / "lists"
    (before,) = read_lists([folder / "sdn_2023-06-29.csv.gz"])
    (after,) = read_lists([folder / "sdn_2024-05-03.csv.gz"])
    known = set(before.entries["entity"])
    added = after.entries.filter(~pl.col("entity").is_in(list(known)) & (pl.col("kind") == "organisation"))
    added = added.filter(pl.col("names").list.len() == 1).head(400)
    asked = [Party(name=n) for n in added["name"]]
    settings = Settings(most=3)
    early = Screen(before.entries.lazy(), settings).ask(asked, explain=False)
    late = Screen(after.entries.lazy(), settings).ask(asked, explain=False)
    entities = added["entity"].to_list()
    found_late = [e in [h.entity for h in s.hits] for e, s in zip(entities, late, strict=True)]
    found_early = [e in [h.entity for h in s.hits] for e, s in zip(entities, early, strict=True)]
    assert sum(found_late) >= 0.98 * len(asked)
    assert not any(found_early)
    assert len(asked) >= 100
    whole = pl.concat([before.entries, after.entries.filter(~pl.col("entity").is_in(list(known)))])
    then = Screen(whole.lazy(), Settings(most=3, as_of=date(2024, 5, 2))).ask(asked, explain=False)
    assert not any(e in [h.entity for h in s.hits] for e, s in zip(entities, then, strict=True))


def test_what_cannot_reach_the_threshold_is_left_out_early_and_nothing_else() -> None:
    """Many rows without explanation give the hits that few with explanation give, country and identifiers counted."""
    asked = [
        Party(name=name, country=country, identifiers=identifiers)
        for name in ("Almaz Antey", "Almaz", "Kinoatis", "Emma", "Ivan Petrov", "Petrov", "")
        for country in (None, "RU", "CN")
        for identifiers in ((), ("inn:7731084175",), ("inn:1",))
    ]
    for least in (0.3, 0.65, 0.8):
        whole = screen(least=least).ask(asked)
        quick = screen(least=least).ask(asked, explain=False)
        assert [[(h.entity, h.score) for h in s.hits] for s in whole] == [
            [(h.entity, h.score) for h in s.hits] for s in quick
        ]
        every = screen(least=0.0).ask(asked)
        assert [[(h.entity, h.score) for h in s.hits if h.score >= least] for s in every] == [
            [(h.entity, h.score) for h in s.hits] for s in whole
        ]
