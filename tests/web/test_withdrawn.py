"""What was taken out or lowered opens nothing: neither what rested on it, nor the words of who took it out."""

from __future__ import annotations

import json
from pathlib import Path

from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.report.site import Site
from taggant.report.site_folder import write_site
from taggant.web.casebook import open_dossier
from taggant.web.chronicle import WITHHELD

_REASON = "ZZREASON"
_HANDLE = "zzhandle"
_CLOSED = ("kestrel-2", "ZZSERIAL", "2310 7001", "notebook", _REASON, _HANDLE)
"""Words of the rows that rest on the notebook, and of who withdrew them."""

_FILES = {
    "sources.csv": """\
source_id,title,kind,tlp
listing,"Listing of parts, 2024",dataset,CLEAR
notebook,"Field notebook, 2024",inspection,RED
""",
    "items.csv": """\
item_id,kind,designation,serial_as_marked,recovered,seen_as,source_id,locator,tlp
kestrel-1,uav,Kestrel,K-19,2024-02-11,documented,listing,page=1,CLEAR
kestrel-2,uav,Kestrel,ZZSERIAL,2024-03-14,documented,notebook,page=2,CLEAR
""",
    "components.csv": """\
component_id,item_id,marking,brand,source_id,locator,tlp
c1,kestrel-1,25Q16JVIQ 2238 6004,Winbond,listing,row=1,CLEAR
c2,kestrel-2,25Q16JVIQ 2310 7001,Winbond,notebook,page=3,CLEAR
""",
}


def _case(folder: Path, *, own: str = "CLEAR", **changed: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "case.toml").write_text(
        f'uuid = "3b0f1c52-6c1e-4c7e-9a55-6f1d2f0c9a02"\ntitle = "Kestrel"\nas_of = "2024-12-31"\ntlp = "{own}"\n'
    )
    for name, text in {**_FILES, **{f"{n}.csv": text for n, text in changed.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Ledger.open(folder) if (folder / ".taggant").exists() else Ledger.create(folder) as ledger:
        report = import_case(ledger, folder, author=_HANDLE)
    assert report.commit is not None, report.issues
    return folder


def _withdraw(folder: Path, table: str, key: str) -> str:
    with Ledger.open(folder) as ledger:
        return ledger.withdraw(table, key, author=_HANDLE, reason=f"{_REASON} {key}").commit_id


def _found(case: Path, to: Path, *, level: str = "CLEAR", as_of: str | None = None) -> set[str]:
    """Which closed words are in any page, twin, table, list or name of a file?"""
    write_site(to, Site(open_dossier(case, level=level, as_of=as_of)))
    assert {".html", ".json", ".csv"} <= {p.suffix for p in to.rglob("*")}
    assert (to / "files.json").exists()
    text = "\n".join(
        f"{p.relative_to(to)}\n{p.read_bytes().decode('utf-8', errors='replace')}" for p in to.rglob("*") if p.is_file()
    ).lower()
    return {word for word in _CLOSED if word.lower() in text}


def test_reason_of_a_withdrawal_is_withheld_with_its_row(tmp_path: Path) -> None:
    """The part rested on a RED notebook: at CLEAR neither reason nor author, in no file; at RED both."""
    case = _case(tmp_path / "case", own="GREEN")
    commit = _withdraw(case, "component", "c2")
    assert _found(case, tmp_path / "clear") == set()
    twin = json.loads((tmp_path / "clear" / "commit" / f"{commit}.json").read_text(encoding="utf-8"))
    assert (twin["message"], twin["author"], twin["n"], twin["n_withheld"]) == (WITHHELD, WITHHELD, 1, 1)
    assert _found(case, tmp_path / "red", level="RED") == set(_CLOSED)


def test_withdrawing_a_red_source_opens_nothing(tmp_path: Path) -> None:
    """The item and the part that rested on it stay closed, also once the item is gone too."""
    case = _case(tmp_path / "case")
    _withdraw(case, "source", "notebook")
    assert _found(case, tmp_path / "one") == set()
    _withdraw(case, "item", "kestrel-2")
    shown = open_dossier(case, level="CLEAR")
    assert shown.frame("component")["component_id"].to_list() == ["c1"]
    assert dict(shown.case.n_withheld) == {"component": 1}


def test_words_stay_withheld_when_all_closed_rows_are_gone(tmp_path: Path) -> None:
    """No live row is above CLEAR any more; any message may speak of those that were, that of a CLEAR row's too."""
    case = _case(tmp_path / "case")
    for table, key in (("component", "c1"), ("component", "c2"), ("item", "kestrel-2"), ("source", "notebook")):
        _withdraw(case, table, key)
    assert not open_dossier(case, level="CLEAR").case.n_withheld
    assert _found(case, tmp_path / "site") == set()


def test_lowering_a_source_opens_nothing_that_rested_on_it(tmp_path: Path) -> None:
    """The source itself is released; the rows that named it while it was RED are not."""
    case = _case(tmp_path / "case")
    _case(case, sources=_FILES["sources.csv"].replace("RED", "CLEAR"))
    shown = open_dossier(case, level="CLEAR")
    assert shown.frame("source").height == 2
    assert dict(shown.case.n_withheld) == {"item": 1, "component": 1}
    assert {c.message for c in shown.commits} == {WITHHELD}


def test_an_earlier_day_does_not_show_what_was_closed_since(tmp_path: Path) -> None:
    """As of the first commit the notebook was CLEAR; now it is RED, and so is what rests on it."""
    case = _case(tmp_path / "case", sources=_FILES["sources.csv"].replace("RED", "CLEAR"))
    with Ledger.open(case) as ledger:
        head = ledger.head()
    assert head is not None
    assert _found(case, tmp_path / "before") == {*_CLOSED} - {_REASON}
    _case(case)
    assert _found(case, tmp_path / "after", as_of=head.commit_id) == set()


def test_a_clean_case_still_shows_its_messages(tmp_path: Path) -> None:
    """Nothing was ever above CLEAR: author and reason are on the pages; in a GREEN case they are not at CLEAR."""
    clear = _FILES["sources.csv"].replace("RED", "CLEAR")
    case = _case(tmp_path / "case", sources=clear)
    commit = _withdraw(case, "component", "c2")
    assert {_REASON, _HANDLE} <= _found(case, tmp_path / "site")
    log = (tmp_path / "site" / "log.html").read_text(encoding="utf-8")
    assert _REASON in log
    assert WITHHELD not in log
    twin = json.loads((tmp_path / "site" / "commit" / f"{commit}.json").read_text(encoding="utf-8"))
    assert (twin["message"], twin["author"]) == (f"{_REASON} c2", _HANDLE)
    toml = case / "case.toml"
    toml.write_text(toml.read_text().replace('tlp = "CLEAR"', 'tlp = "GREEN"'))
    assert {c.message for c in open_dossier(case, level="CLEAR").commits} == {WITHHELD}
    assert WITHHELD not in {c.message for c in open_dossier(case).commits}
