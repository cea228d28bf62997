"""After a purge the bytes are found nowhere; everything else holds as before: proofs, commits, the next import."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import text

from taggant.errors import InputError, UnknownName
from taggant.evidence.cloning import clone_case
from taggant.evidence.intake import import_case, import_files
from taggant.evidence.purging import purge
from taggant.ledger.jsonl import lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import merge
from taggant.ledger.moving import move
from taggant.ledger.proofs import check_proof, prove
from taggant.ledger.purging import stand_ins
from taggant.ledger.showing import shown_at
from taggant.ledger.verify import verify

if TYPE_CHECKING:
    from .conftest import CreateLedger

TITLE, EARLIER, NAME = "Zirnitsa-Quill-Okto", "Umbra-Falter-Elf", "Birkenstock-Vela"
_CASE = 'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Kestrel"\ntlp = "CLEAR"\n'
REASON = "asked by the court"


def _sources(title: str) -> str:
    return f'source_id,title,publisher\r\ns0,"A, quoted",\r\ns1,{title},\r\ns2,kept,Press\r\n'


def _case(tmp_path: Path, create: CreateLedger) -> Ledger:
    """Three sources, one corrected once, one item that rests on it, a report page and a database's leftovers."""
    case = tmp_path / "case"
    case.mkdir()
    (case / "case.toml").write_text(_CASE)
    (case / "items.csv").write_text("item_id,kind,source_id,locator\ni1,uav,s1,\ni2,uav,s2,\n")
    ledger = create(case)
    for title in (EARLIER, TITLE):
        (case / "sources.csv").write_bytes(_sources(title).encode())
        import_case(ledger, case, author="ada")
    ledger.snapshot("source")
    return ledger


def _found(folder: Path, *words: str) -> list[str]:
    wanted = [w.encode(code) for w in words for code in ("utf-8", "utf-16-le")]
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return [p.relative_to(folder).as_posix() for p in files if any(w in p.read_bytes() for w in wanted)]


def _found_in_server(ledger: Ledger, *words: str) -> list[str]:
    """In the files of this schema and in the statistics of it; the server's log of changes is the server's to drop."""
    address = str(ledger.opened.engine.url.query.get("host"))
    named = (
        "SELECT pg_relation_filepath(c.oid) FROM pg_class c LEFT JOIN pg_class t ON t.reltoastrelid = c.oid "
        "WHERE coalesce(t.relnamespace, c.relnamespace) = current_schema()::regnamespace AND c.relfilenode <> 0"
    )
    stats = (
        "SELECT coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') FROM pg_stats "
        "WHERE schemaname = current_schema()"
    )
    with ledger.opened.engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        files = [Path(address).parent / "data" / name for name in connection.execute(text(named)).scalars()]
        kept = "".join(connection.execute(text(stats)).scalars())
    assert files
    found = [p.name for p in files if any(word.encode() in p.read_bytes() for word in words)]
    return found + [word for word in words if word.encode().hex() in kept]


def _nowhere(ledger: Ledger, *words: str) -> None:
    assert _found(ledger.case_folder, *words) == []
    if ledger.opened.engine.dialect.name == "postgresql":
        assert _found_in_server(ledger, *words) == []


def test_a_purged_row_is_found_nowhere_and_all_else_holds(tmp_path: Path, create: CreateLedger) -> None:
    """Ledger, free pages, log, typed files, their exhibits, snapshots; proofs, verify and the next import as before."""
    with _case(tmp_path, create) as ledger:
        case = ledger.case_folder
        assert len(_found(case, TITLE, EARLIER)) >= 3
        other = ledger.get("source", "s2")
        gone = ledger.get("source", "s1")
        assert other is not None
        assert gone is not None
        proof = tmp_path / "before.json"
        proof.write_bytes(prove(ledger, other.record_id, up_to_head=True))
        before = {line for line in lines(ledger) if b'"record":{' in line}

        done = purge(ledger, "source", "s1", author="ada", reason=REASON)

        _nowhere(ledger, TITLE, EARLIER)
        assert done.n_records == 4, "the row as first stated, as corrected, and the records of two files"
        assert done.rests_on == ("item i1",)
        assert done.still_said == ()
        assert ledger.get("source", "s1") is None
        assert {row.key for row in ledger.live("source")} == {"s0", "s2"}
        assert set(ledger.snapshot("source").frame.collect()["source_id"]) == {"s0", "s2"}
        # Who, when, why, and which ids.
        stone = next(iter(ledger.live("purge"))).body
        assert (stone["by"], stone["why"], stone["of_table"], stone["of_key"]) == ("ada", REASON, "source", "s1")
        assert gone.record_id in stone["records"]  # type: ignore[operator]
        # The file is as typed but for the row, whose number stays taken.
        assert (case / "sources.csv").read_bytes() == _sources("x").replace("s1,x,", ",,").encode()
        assert import_case(ledger, case, author="ada").commit is None
        # Proofs of other records, made before or after, still check.
        after = tmp_path / "after.json"
        after.write_bytes(prove(ledger, other.record_id, up_to_head=True))
        assert check_proof(proof).record_id == check_proof(after).record_id == other.record_id
        after.write_bytes(prove(ledger, gone.record_id, is_shown=False, up_to_head=True))
        assert not check_proof(after).is_shown
        kept = {line for line in lines(ledger) if b'"record":{' in line}
        assert not any(re.search(rb"Zirnitsa|Umbra", line) for line in kept)
        assert len(before - kept) == 4, "only what was purged has lost its content"
    report = verify(tmp_path / "case")
    assert report.problems == ()
    assert any("were purged" in note for note in report.notes)


def test_a_purge_cut_short_is_said_and_finished_when_the_case_is_opened(
    tmp_path: Path, create: CreateLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped right after it was written down: `verify` says so, any opening ends it, and earlier days lack the row."""

    def _stopped(_ledger: Ledger) -> int:
        raise KeyboardInterrupt

    with _case(tmp_path, create) as ledger:
        case = ledger.case_folder
        first = ledger.log()[-1].commit_id
        monkeypatch.setattr("taggant.evidence.purging.finish", _stopped)
        with pytest.raises(KeyboardInterrupt):
            purge(ledger, "source", "s1", author="ada", reason=REASON)
        assert _found(case, TITLE)
    report = verify(case)
    assert report.problems == ()
    assert any("it was cut short" in note for note in report.notes)
    with Ledger.open(case) as ledger:
        _nowhere(ledger, TITLE, EARLIER)
        assert {row.key for row in ledger.live("source", first)} == {"s0", "s2"}
        assert set(ledger.snapshot("source", first).frame.collect()["source_id"]) == {"s0", "s2"}
        assert ledger.history("source", "s1") == []
    report = verify(case)
    assert report.problems == ()
    assert not any("cut short" in note for note in report.notes)


def test_a_destroyed_row_without_a_purge_record_is_damage(tmp_path: Path, create: CreateLedger) -> None:
    """Bytes set to nothing by somebody else are named; so is the purge's own record when it is altered."""
    with _case(tmp_path, create) as ledger, ledger.opened.writing() as connection:
        connection.execute(text("UPDATE record SET canonical = NULL WHERE n = 2"))
    problems = verify(tmp_path / "case").problems
    assert any("no purge record says why" in p.what for p in problems)


def test_a_file_is_purged_with_its_copy_in_the_folder(tmp_path: Path, create: CreateLedger) -> None:
    """The exhibit, the photograph in the case folder, its record; a row that shows it is named."""
    with _case(tmp_path, create) as ledger:
        case = ledger.case_folder
        (case / "photos").mkdir()
        (case / "photos" / "one.jpg").write_bytes(b"\xff\xd8" + NAME.encode() * 50)
        (case / "photos" / "two.jpg").write_bytes(b"\xff\xd8 other")
        rows = "component_id,item_id,module,source_id,locator,exhibit\nc1,i2,electronics,s2,,photos/one.jpg\n"
        (case / "components.csv").write_text(rows)
        import_case(ledger, case, author="ada")
        key = next(r.key for r in ledger.live("exhibit") if r.body["file"] == "photos/one.jpg")
        done = purge(ledger, "exhibit", key, author="ada", reason=REASON)
        _nowhere(ledger, NAME)
        assert not (case / "photos" / "one.jpg").exists()
        assert (case / "photos" / "two.jpg").exists()
        assert done.exhibits == (key,)
        assert done.rests_on == ("component c1",)
    assert verify(tmp_path / "case").problems == ()


def test_a_purged_file_does_not_come_back_by_itself(tmp_path: Path, create: CreateLedger) -> None:
    """An old copy of the typed file would state the row again: refused, with who purged it; a person may allow it."""
    with _case(tmp_path, create) as ledger:
        purge(ledger, "source", "s1", author="ada", reason=REASON)
        file = ledger.case_folder / "sources.csv"
        blank = file.read_bytes()
        file.write_bytes(_sources(TITLE).encode())
        with pytest.raises(InputError, match=f"purged by ada on .*{REASON}"):
            import_case(ledger, ledger.case_folder, author="bob")
        assert _found(ledger.case_folder / ".taggant", TITLE) == []
        file.write_bytes(blank)
        assert import_case(ledger, ledger.case_folder, author="bob").commit is None
        stone = next(iter(ledger.live("purge")))
        ledger.withdraw("purge", stone.key, author="ada", reason="the court took it back")
        file.write_bytes(_sources(TITLE).encode())
        import_case(ledger, ledger.case_folder, author="bob")
        assert ledger.get("source", "s1") is not None
    assert verify(tmp_path / "case").problems == ()


def test_a_file_that_came_in_another_goes_only_with_it(tmp_path: Path, create: CreateLedger) -> None:
    """The archive holds its bytes: refused until it is said that the archive goes too."""
    import zipfile

    with _case(tmp_path, create) as ledger:
        parcel = tmp_path / "parcel.zip"
        with zipfile.ZipFile(parcel, "w", zipfile.ZIP_STORED) as made:
            made.writestr("note.txt", NAME)
            made.writestr("other.txt", "kept")
        import_files(ledger, [parcel], author="ada")
        key = next(r.key for r in ledger.live("exhibit") if "note.txt" in str(r.body["file"]))
        with pytest.raises(InputError, match="whose bytes hold it"):
            purge(ledger, "exhibit", key, author="ada", reason=REASON)
        assert _found(ledger.case_folder, NAME)
        done = purge(ledger, "exhibit", key, with_containers=True, author="ada", reason=REASON)
        _nowhere(ledger, NAME)
        assert len(done.exhibits) == 2
        assert any("other.txt" in str(r.body["file"]) for r in ledger.live("exhibit"))
    assert verify(tmp_path / "case").problems == ()


def test_a_key_that_says_something_goes_too(tmp_path: Path, create: CreateLedger) -> None:
    """A plan is named by its title: the key is destroyed with it, in the case file as well."""
    with _case(tmp_path, create) as ledger:
        case = ledger.case_folder
        plan = '\n[[plan]]\ntitle = "{}"\nscope = "all"\nquantity = 10\n'
        (case / "case.toml").write_text(_CASE + plan.format(NAME) + plan.format("other"))
        import_case(ledger, case, author="ada")
        done = purge(ledger, "plan", NAME, author="ada", reason=REASON)
        _nowhere(ledger, NAME)
        assert done.still_said == ()
        assert [r.key for r in ledger.live("plan")] == ["other"]
        assert import_case(ledger, case, author="ada").commit is None
    assert verify(tmp_path / "case").problems == ()


def test_a_workbook_loses_the_row_and_keeps_the_others(tmp_path: Path, create: CreateLedger) -> None:
    """XLSX is compressed: the words are looked for in what a reader sees, not in the bytes."""
    with _case(tmp_path, create) as ledger:
        case = ledger.case_folder
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "parties"
        for row in (("party_id", "name", "source_id"), ("p1", NAME, "s2"), ("p2", "Works", "s2")):
            sheet.append(row)
        book.save(case / "names.xlsx")
        import_case(ledger, case, author="ada")
        done = purge(ledger, "party", "p1", author="ada", reason=REASON)
        assert len(done.instead) == 1
        rows = list(openpyxl.load_workbook(case / "names.xlsx")["parties"].values)
        assert rows[1:] == [(None, None, None), ("p2", "Works", "s2")]
        assert import_case(ledger, case, author="ada").commit is None
        assert [r.key for r in ledger.live("party")] == ["p2"]
        _nowhere(ledger, NAME)
    assert verify(tmp_path / "case").problems == ()


def test_it_says_where_the_words_still_stand(tmp_path: Path, create: CreateLedger) -> None:
    """Another row, a message, a file that is no exhibit: named, not touched."""
    with _case(tmp_path, create) as ledger:
        case = ledger.case_folder
        (case / "items.csv").write_text(f"item_id,kind,source_id,locator,note\ni2,uav,s2,,as {TITLE} says\n")
        import_case(ledger, case, author="ada", message=f"after {TITLE}")
        (case / "todo.txt").write_text(f"ask {TITLE}")
        done = purge(ledger, "source", "s1", author="ada", reason=REASON)
        places = " ".join(done.still_said)
        assert "item i2" in places
        assert "todo.txt" in places
        assert "cannot be changed" in places
        assert "items.csv" in places


def test_what_cannot_be_purged_is_refused_and_nothing_changes(tmp_path: Path, create: CreateLedger) -> None:
    """An unknown key, twice, an unknown table, a purge itself, a file edited since its import."""
    with _case(tmp_path, create) as ledger:
        n = len(ledger.log())
        with pytest.raises(InputError, match="ever stated"):
            purge(ledger, "source", "nobody", author="ada", reason=REASON)
        with pytest.raises(UnknownName):
            purge(ledger, "sources", "s1", author="ada", reason=REASON)
        with pytest.raises(InputError, match="by itself"):
            purge(ledger, "import", "sources.csv", author="ada", reason=REASON)
        file = ledger.case_folder / "sources.csv"
        file.write_bytes(file.read_bytes() + b"s3,new,\r\n")
        with pytest.raises(InputError, match="edited since"):
            purge(ledger, "source", "s1", author="ada", reason=REASON)
        assert len(ledger.log()) == n
        file.write_bytes(_sources(TITLE).encode())
        purge(ledger, "source", "s1", author="ada", reason=REASON)
        with pytest.raises(InputError, match="purged already"):
            purge(ledger, "source", "s1", author="ada", reason=REASON)
        # Another row of the same file, afterwards: the file that stood for it is replaced again.
        purge(ledger, "source", "s0", author="ada", reason=REASON)
        _nowhere(ledger, TITLE, "A, quoted")
        assert len(set(stand_ins(ledger).values())) == 1, "each leads to the last"
        assert import_case(ledger, ledger.case_folder, author="ada").commit is None
    assert verify(tmp_path / "case").problems == ()


def test_a_purge_is_carried_out_in_another_copy_when_it_is_merged(tmp_path: Path, create: CreateLedger) -> None:
    """The other laptop still has the bytes until it merges; the purged bytes do not come back from it."""
    with _case(tmp_path, create) as ledger:
        clone_case(ledger.case_folder, tmp_path / "laptop")
        purge(ledger, "source", "s1", author="ada", reason=REASON)
        with Ledger.open(tmp_path / "laptop") as laptop:
            assert _found(laptop.case_folder, TITLE)
            merge(ledger, laptop, author="ada")
            _nowhere(ledger, TITLE, EARLIER)
            merge(laptop, ledger, author="ada")
            assert _found(laptop.case_folder, TITLE, EARLIER) == []
            assert {r.key for r in laptop.live("source")} == {"s0", "s2"}
    for case in ("case", "laptop"):
        assert verify(tmp_path / case).problems == ()


def test_what_rested_on_a_purged_red_row_stays_closed(tmp_path: Path, create: CreateLedger) -> None:
    """The level is all that is left of the row; it goes on closing what names it below, and nothing at its own."""
    with _case(tmp_path, create) as ledger:
        case = ledger.case_folder
        red = _sources(TITLE).replace("publisher", "tlp").replace(f"{TITLE},", f"{TITLE},RED").replace("Press", "CLEAR")
        (case / "sources.csv").write_bytes(red.encode())
        import_case(ledger, case, author="ada")
        purge(ledger, "source", "s1", author="ada", reason=REASON)
        low, high = (shown_at(ledger, level=level, case_level="CLEAR") for level in ("GREEN", "RED"))
        assert set(low.clearance.tables["item"]["item_id"]) == {"i2"}
        assert not low.shows_words
        assert set(high.clearance.tables["item"]["item_id"]) == {"i1", "i2"}


def test_the_ledger_a_case_was_moved_from_is_purged_too(tmp_path: Path, postgres: str) -> None:
    """`ledger.sqlite.moved` beside a database, and the schema behind `store.json.moved`."""
    with _case(tmp_path, Ledger.create) as ledger:
        case = ledger.case_folder
    move(case, postgres)
    assert _found(case / ".taggant", EARLIER)
    with Ledger.open(case) as ledger:
        purge(ledger, "source", "s1", author="ada", reason=REASON)
        _nowhere(ledger, TITLE, EARLIER)
    move(case, None)
    with Ledger.open(case) as ledger:
        purge(ledger, "source", "s2", author="ada", reason=REASON)
        assert {r.key for r in ledger.live("source")} == {"s0"}
    assert verify(case).problems == ()


def test_a_folder_that_can_only_be_read_is_said_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No right to write: a clear error before anything is written down."""
    with _case(tmp_path, Ledger.create) as ledger:
        case = ledger.case_folder
    monkeypatch.setattr("taggant.ledger.sqlite_store._may_write", lambda _path: False)
    with Ledger.open(case) as ledger, pytest.raises(InputError, match="read-only"):
        purge(ledger, "source", "s1", author="ada", reason=REASON)
    assert _found(case, TITLE)
