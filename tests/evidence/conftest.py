"""A desk to work at: a small case folder with its ledger, and quick ways to fill and read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from taggant.errors import BadTables, Issue
from taggant.evidence.intake import import_case
from taggant.evidence.reimport import OnConflict
from taggant.evidence.report import ImportReport
from taggant.ledger.ledger import Ledger
from taggant.model.record import Body

CASE = 'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Kestrel"\n'
SOURCES = "source_id,title\ns1,An invented report\n"
ITEMS = "item_id,kind,source_id\nkestrel-1,uav,s1\n"


class Desk:
    """A case folder of one source and one item, not yet imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.put("case.toml", CASE)
        self.put("sources.csv", SOURCES)
        self.put("items.csv", ITEMS)

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file of the case, bytes as they are, text as UTF-8."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def workbook(self, name: str, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
        """Write a workbook of the case with these sheets of cells."""
        book = openpyxl.Workbook()
        for sheet in book.worksheets:
            book.remove(sheet)
        for title, rows in sheets.items():
            made = book.create_sheet(title)
            for row in rows:
                made.append(list(row))
        path = self.folder / name
        book.save(path)
        return path

    def ledger(self) -> Ledger:
        """Open the case's ledger; make it when there is none."""
        return Ledger.open(self.folder) if (self.folder / ".taggant").exists() else Ledger.create(self.folder)

    def take_in(
        self, *, partial: bool = False, mirror: bool = False, on_conflict: OnConflict = "stop", dry_run: bool = False
    ) -> ImportReport:
        """Import the folder."""
        with self.ledger() as ledger:
            return import_case(
                ledger,
                self.folder,
                author="ada",
                partial=partial,
                mirror=mirror,
                on_conflict=on_conflict,
                dry_run=dry_run,
            )

    def refused(self, *, mirror: bool = False) -> tuple[Issue, ...]:
        """Import the folder, expecting a refusal that leaves the ledger as it was; give the issues."""
        with self.ledger() as ledger:
            before = ledger.head()
        with pytest.raises(BadTables) as caught:
            self.take_in(mirror=mirror)
        with self.ledger() as ledger:
            assert ledger.head() == before
        return caught.value.issues

    def one_issue(self) -> Issue:
        """Import the folder, expecting a refusal for one reason, notes apart; give it."""
        errors = [issue for issue in self.refused() if not issue.is_note]
        assert len(errors) == 1, errors
        return errors[0]

    def bodies(self, table: str) -> dict[str, Body]:
        """Give key → body of the live rows."""
        with self.ledger() as ledger:
            return {row.key: row.body for row in ledger.live(table)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with a case of one source and one item."""
    return Desk(tmp_path / "case")
