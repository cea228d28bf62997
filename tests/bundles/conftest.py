"""A case with a bit of everything, in either store, and its bundle."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stores.postgres_server import running

from taggant.evidence.arrival import Arrival
from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.making import make_bundle
from taggant.evidence.cloning import clone_case
from taggant.evidence.intake import import_case, import_files
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import merge
from taggant.model.record import Record, fresh_salt

CASE = 'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Kestrel, крыло"\n'


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the address of a PostgreSQL server that lives as long as the tests."""
    with running() as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store_address(request: pytest.FixtureRequest) -> str | None:
    """Where a ledger is to be: None for a file beside the case."""
    return None if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


def build(case: Path, store_address: str | None = None) -> None:
    """Corrections, a withdrawal, a merge with its conflict, judgements, a container, custody, notes, odd letters."""
    case.mkdir()
    (case / "case.toml").write_text(CASE, encoding="utf-8")
    (case / "sources.csv").write_text("source_id,title\ns1,An invented report\ns2,Второй отчёт\n", encoding="utf-8")
    (case / "items.csv").write_text("item_id,kind,source_id\nkestrel-1,uav,s1\n")
    (case / "photos").mkdir()
    (case / "photos" / "wing «1».jpg").write_bytes(b"\xff\xd8\xff" + bytes(range(256)) * 40)
    with Ledger.create(case, store_address=store_address) as ledger:
        import_case(ledger, case, author="ada")
        parcel = case.with_name("parcel.zip")
        with zipfile.ZipFile(parcel, "w") as archive:
            archive.writestr("note.txt", "a note from the site")
        import_files(ledger, [parcel], author="bo", arrival=Arrival(obtained_from="police", on="2024-03-17"))
        for suggestion, verdict in (("k1", "reject"), ("k2", "confirm")):
            body = {
                "kind": "reading", "suggestion": suggestion, "verdict": verdict, "suggested": "Ы-104", "why": "photo",
                "by": "ada", "at": "2024-03-18T10:00:00Z",
            }  # fmt: skip
            judged = Record(table="judgement", key=f"reading|{suggestion}", schema=1, body={**body}, salt=fresh_salt())
            ledger.commit([judged], author="ada", message=f"judge {suggestion}")
    other = case.with_name(f"{case.name}-laptop")
    clone_case(case, other)
    for folder, title in ((case, "corrected here"), (other, "corrected there")):
        (folder / "sources.csv").write_text(f"source_id,title\ns1,{title}\ns2,Второй отчёт\n", encoding="utf-8")
        with Ledger.open(folder) as ledger:
            import_case(ledger, folder, author="ada")
    with Ledger.open(case) as here, Ledger.open(other) as there:
        merge(here, there, author="bo")
        here.withdraw("source", "s2", author="bo", reason="not ours")
    shutil.rmtree(other)
    (case / "notes.md").write_text("what we thought on the way\n")
    (case / "sources.csv").write_text("source_id,title\ns1,typed and not yet imported\n")


@pytest.fixture(scope="session")
def kept_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a case; only to be read."""
    case = tmp_path_factory.mktemp("kept") / "case"
    build(case)
    return case


@pytest.fixture(scope="session")
def kept_bundle(kept_case: Path) -> Path:
    """Its bundle, sound; only to be read."""
    bundle = kept_case.with_name("bundle")
    make_bundle(kept_case, bundle)
    assert check_bundle(bundle).report.problems == ()
    return bundle


@pytest.fixture
def bundle(kept_bundle: Path, tmp_path: Path) -> Path:
    """A copy of the bundle, to be damaged."""
    return Path(shutil.copytree(kept_bundle, tmp_path / "bundle", symlinks=True))
