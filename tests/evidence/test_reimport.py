"""The re-import rule: a row is written when it changed here and nowhere else; who changed it twice is asked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taggant.errors import BadTables, Conflict, EvidenceBroken
from taggant.evidence.checkout import checkout
from taggant.evidence.intake import import_case
from taggant.evidence.reimport import OnConflict
from taggant.ledger.ledger import Ledger
from taggant.model.record import Record, fresh_salt

if TYPE_CHECKING:
    from .conftest import Desk

CASE = 'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Laws"\n'
KEYS = ("a", "b", "c")
Titles = dict[str, str]


def _table(titles: Titles) -> str:
    return "source_id,title\n" + "".join(f"{key},{title}\n" for key, title in titles.items())


def _set(ledger: Ledger, key: str, title: str | None) -> None:
    """Change a row in the ledger, as a review or another person would; None withdraws."""
    live = ledger.get("source", key)
    if title is None:
        if live is not None:
            ledger.withdraw("source", key, author="bob", reason="gone")
        return
    record = Record(
        table="source", key=key, schema=1, body={"source_id": key, "title": title},
        supersedes=() if live is None else (live.record_id,), salt=fresh_salt(),
    )  # fmt: skip
    ledger.commit([record], author="bob", message="there")


def _titles(ledger: Ledger) -> Titles:
    return {row.key: str(row.body["title"]) for row in ledger.live("source")}


# --- one at a time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "n_changed", "after"),
    [
        ("one", "one", 0, "one"),  # unchanged
        ("two", "one", 1, "two"),  # changed here
        ("one", "two", 0, "two"),  # changed there
        ("two", "two", 0, "two"),  # the same change on both sides
    ],
)
def test_the_rule(desk: Desk, here: str, there: str, n_changed: int, after: str) -> None:
    """Four cases without a conflict."""
    desk.put("sources.csv", _table({"s1": "one"}))
    desk.take_in()
    if there != "one":
        with desk.ledger() as ledger:
            _set(ledger, "s1", there)
    desk.put("sources.csv", _table({"s1": here}) + "\n")  # the file's bytes are new in each case
    report = desk.take_in()
    assert report.tables["source"].n_changed == n_changed
    assert desk.bodies("source")["s1"]["title"] == after
    with desk.ledger() as ledger:
        assert len(ledger.history("source", "s1")) == 1 + (there != "one") + n_changed


@pytest.mark.parametrize(("on_conflict", "after"), [("file", "here"), ("ledger", "there")])
def test_a_conflict_is_listed_and_settled(desk: Desk, on_conflict: OnConflict, after: str) -> None:
    """Both values are named; nothing is imported until a side is chosen, and then it is settled for good."""
    desk.take_in()
    with desk.ledger() as ledger:
        _set(ledger, "s1", "there")
    desk.put("sources.csv", _table({"s1": "here", "s2": "new"}))
    for partial in (False, True):
        with pytest.raises(Conflict) as caught:
            desk.take_in(partial=partial)
        (issue,) = caught.value.issues
        assert (issue.kind, issue.file, issue.row, issue.column, issue.value) == (
            "conflict", "sources.csv", 2, "title", "here"
        )  # fmt: skip
        assert issue.what == "title of 's1' is 'here' here and 'there' in the ledger"
    assert set(desk.bodies("source")) == {"s1"}
    desk.take_in(on_conflict=on_conflict)
    assert desk.bodies("source")["s1"]["title"] == after
    assert set(desk.bodies("source")) == {"s1", "s2"}
    assert desk.take_in().commit is None


def test_withdrawn_in_the_ledger(desk: Desk) -> None:
    """Untouched here it stays withdrawn; edited here it is a conflict."""
    desk.put("sources.csv", _table({"s1": "one", "s2": "two"}))
    desk.take_in()
    with desk.ledger() as ledger:
        _set(ledger, "s2", None)
    desk.put("sources.csv", _table({"s1": "uno", "s2": "two"}))
    desk.take_in()
    assert set(desk.bodies("source")) == {"s1"}
    desk.put("sources.csv", _table({"s1": "uno", "s2": "due"}))
    with pytest.raises(Conflict, match="1 value changed here and in the ledger"):
        desk.take_in()
    desk.take_in(on_conflict="file")
    assert desk.bodies("source")["s2"]["title"] == "due"


def test_a_row_of_another_file_with_other_values_is_a_conflict(desk: Desk) -> None:
    """A file imported for the first time cannot overwrite what the ledger says."""
    desk.take_in()
    (desk.folder / "sources.csv").unlink()
    desk.workbook("list.xlsx", {"sources": [["source_id", "title"], ["s1", "Another title"]]})
    with pytest.raises(Conflict):
        desk.take_in()


def test_rows_missing_from_the_file_stay_unless_mirrored(desk: Desk) -> None:
    """`mirror` withdraws what this file said last time, says which, and leaves other files' rows alone."""
    desk.put("sources.csv", _table({"s1": "one", "s2": "two", "s3": "three"}))
    desk.take_in()
    with desk.ledger() as ledger:
        _set(ledger, "s4", "typed elsewhere")
    desk.put("sources.csv", _table({"s1": "one", "s3": "three"}))
    assert desk.take_in(mirror=False).tables["source"].n_withdrawn == 0
    assert set(desk.bodies("source")) == {"s1", "s2", "s3", "s4"}
    desk.put("sources.csv", _table({"s1": "one"}))
    report = desk.take_in(mirror=True, dry_run=True)
    assert report.withdrawn == (("source", "s3"),)
    report = desk.take_in(mirror=True)
    assert (report.withdrawn, report.tables["source"].n_withdrawn) == ((("source", "s3"),), 1)
    assert set(desk.bodies("source")) == {"s1", "s2", "s4"}


def test_mirror_refuses_to_leave_references_hanging(desk: Desk) -> None:
    """A source that an item of another, unread file names is not withdrawn."""
    desk.put("sources.csv", _table({"s1": "one", "s2": "two"}))
    desk.take_in()
    desk.put("sources.csv", _table({"s2": "two"}))
    (issue,) = desk.refused(mirror=True)
    assert (issue.kind, issue.file, issue.column, issue.value) == ("unknown id", "items.csv", "source_id", "s1")
    desk.put("items.csv", "item_id,kind,source_id\nkestrel-1,uav,s2\n")
    assert desk.take_in(mirror=True).withdrawn == (("source", "s1"),)


def test_removed_here_and_changed_there_is_a_conflict(desk: Desk) -> None:
    """Mirroring does not withdraw what somebody has changed since."""
    desk.put("sources.csv", _table({"s1": "one", "s2": "two"}))
    desk.take_in()
    with desk.ledger() as ledger:
        _set(ledger, "s2", "changed")
    desk.put("sources.csv", _table({"s1": "one"}))
    with pytest.raises(Conflict):
        desk.take_in(mirror=True)
    assert desk.take_in(mirror=True, on_conflict="ledger").withdrawn == ()
    assert set(desk.bodies("source")) == {"s1", "s2"}


def test_a_damaged_base_stops_the_import(desk: Desk) -> None:
    """Comparing with a forged last import could hide a change: the exhibit is hashed first."""
    desk.take_in()
    with desk.ledger() as ledger:
        row = ledger.get("import", "sources.csv")
        assert row is not None
        path = ledger.exhibits.path(str(row.body["exhibit_id"]))
    path.chmod(0o644)
    path.write_text(_table({"s1": "forged"}), encoding="utf-8")
    desk.put("sources.csv", _table({"s1": "new"}))
    with pytest.raises(EvidenceBroken):
        desk.take_in()


# --- laws ----------------------------------------------------------------------------------------

_EDIT = st.tuples(
    st.sampled_from(["here", "there", "remove", "import", "mirror", "file", "ledger", "checkout"]),
    st.sampled_from(KEYS),
    st.sampled_from(["x", "y"]),
)


class _Model:
    """The rule as dictionaries: the file, the file at its last import, the ledger, keys ever recorded."""

    def __init__(self) -> None:
        self.file: Titles = {}
        self.base: Titles = {}
        self.live: Titles = {}
        self.ever: set[str] = set()

    def import_(self, mode: str) -> bool:
        """Apply an import; False (and nothing changes) on a conflict."""
        after = dict(self.live)
        clash = False
        for key, here in self.file.items():
            base, there = self.base.get(key), self.live.get(key)
            if here in (base, there) and not (there is None and key not in self.ever):
                continue
            if there == base or (there is None and (base is None or key not in self.ever)) or mode == "file":
                after[key] = here
            elif mode != "ledger":
                clash = True
        for key in self.base.keys() - self.file.keys() if mode == "mirror" else ():
            if key in self.live and self.live[key] != self.base[key]:
                clash = True
            else:
                after.pop(key, None)
        if clash:
            return False
        self.live, self.base = after, dict(self.file)
        self.ever |= after.keys()
        return True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_EDIT, max_size=14))
def test_random_edits_here_and_there_follow_the_rule(edits: list[tuple[str, str, str]]) -> None:
    """After any sequence of edits in the file and in the ledger, imports and checkouts, both agree with the model."""
    model = _Model()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "case.toml").write_text(CASE, encoding="utf-8")
        with Ledger.create(folder) as ledger:
            for what, key, title in [*edits, ("file", "a", "x")]:
                if what == "here":
                    model.file[key] = title
                elif what == "remove":
                    model.file.pop(key, None)
                elif what == "there":
                    new = None if model.live.get(key) == title else title
                    _set(ledger, key, new)
                    model.live.pop(key, None) if new is None else model.live.update({key: new})
                    model.ever.add(key)
                elif what == "checkout":
                    if model.file == model.base:
                        checkout(ledger, folder, author="ada")
                        model.file = dict(model.live)
                        model.base = dict(model.live)
                else:
                    (folder / "sources.csv").write_text(_table(model.file), encoding="utf-8")
                    expected = model.import_(what)
                    try:
                        import_case(
                            ledger, folder, author="ada", mirror=what == "mirror",
                            on_conflict="file" if what == "file" else "ledger" if what == "ledger" else "stop",
                        )  # fmt: skip
                        happened = True
                    except Conflict:
                        happened = False
                    assert happened == expected
                assert _titles(ledger) == model.live
            # What has just been imported is not imported again.
            assert import_case(ledger, folder, author="ada").commit is None


def test_all_errors_or_none(desk: Desk) -> None:
    """A conflict beside a mistake: both are told, and neither file is imported."""
    desk.take_in()
    with desk.ledger() as ledger:
        _set(ledger, "s1", "there")
    desk.put("sources.csv", _table({"s1": "here"}))
    desk.put("items.csv", "item_id,kind,source_id,recovered\nkestrel-1,uav,s1,soon\n")
    with pytest.raises(BadTables) as caught:
        desk.take_in()
    assert [issue.kind for issue in caught.value.issues] == ["bad date", "conflict"]
