"""Kinds of item: each complete, and a new one is a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.reference import load_kinds

KIND = """
id = "rail"
title = "Rail"
meaning = "a rail"
producer_features_note = "no source"
[[module]]
id = "core"
meaning = "all of it"
[[mark]]
kind = "serial"
module = "core"
where = "on top"
[[photograph]]
what = "all sides"
why = "to see it"
[[source]]
url = "https://example.org"
retrieved = "2026-01"
"""


def write(folder: Path, text: str, name: str = "rail") -> Path:
    """Write one kind."""
    (folder / "kinds").mkdir(exist_ok=True)
    (folder / "kinds" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_five_kinds_are_there_and_complete() -> None:
    """Each has modules, marks, a checklist and a page; where no producer feature is known a note says why."""
    kinds = {k.id: k for k in load_kinds()}
    assert set(kinds) == {"uav", "cartridge_lot", "launcher", "engine", "electronic_unit"}
    for kind in kinds.values():
        assert kind.modules
        assert kind.marks
        assert len(kind.photographs) >= 5
        assert kind.sources
        assert kind.producer_features or kind.producer_features_note


def test_the_modules_cases_are_typed_with_are_those_of_the_uav() -> None:
    """components.csv of the shipped case uses these names."""
    uav = next(k for k in load_kinds() if k.id == "uav")
    assert {"airframe", "electronics", "engine", "navigation", "servo", "payload", "power"} <= {
        m.id for m in uav.modules
    }


def test_a_new_kind_is_a_file(tmp_path: Path) -> None:
    """No code: the file alone makes the kind; a second file makes two."""
    assert [k.id for k in load_kinds(folder=write(tmp_path, KIND))] == ["rail"]
    write(tmp_path, KIND.replace('"rail"', '"track"'), "track")
    assert [k.id for k in load_kinds(folder=tmp_path)] == ["rail", "track"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Rail"\n', "", "title is missing"),
        ('title = "Rail"', 'titel = "Rail"\ntitle = "Rail"', "unknown key titel"),
        ('title = "Rail"', 'title = " Rail"', "white space"),
        ('title = "Rail"', "title = 7", "no text"),
        ('id = "rail"', 'id = "Rail"', "id 'Rail'"),
        ('id = "rail"', 'id = "track"', "the id is 'track'"),
        ('kind = "serial"', 'kind = "number"', "'number' is not known"),
        ('module = "core"', 'module = "wing"', "'wing' is not known"),
        ('where = "on top"', 'where = "on top"\nexample = "7"', "example and its page"),
        ('where = "on top"', 'where = "on top"\nhow = "?"', "unknown key how"),
        ('producer_features_note = "no source"\n', "", "nothing of producers"),
        ('url = "https://example.org"', 'url = "example.org"', "no web address"),
        ('[[source]]\nurl = "https://example.org"\nretrieved = "2026-01"\n', "", "names no source"),
        ('[[photograph]]\nwhat = "all sides"\nwhy = "to see it"\n', "", "no photographs"),
        ('[[module]]\nid = "core"', 'module = 3\n[other]\nid = "core"', "no list of tables"),
        ('meaning = "a rail"', 'meaning = "a rail', "not TOML"),
    ],
)
def test_a_wrong_kind_is_refused_with_the_next_step(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    assert old in KIND
    with pytest.raises(InputError) as caught:
        load_kinds(folder=write(tmp_path, KIND.replace(old, new, 1)))
    assert said in caught.value.what
    assert "rail.toml" in (caught.value.where or "")
    assert caught.value.next


def test_a_folder_without_kinds_is_refused(tmp_path: Path) -> None:
    """No subfolder, and an empty one."""
    with pytest.raises(InputError, match="no file"):
        load_kinds(folder=tmp_path)
    (tmp_path / "kinds").mkdir()
    with pytest.raises(InputError, match="no file"):
        load_kinds(folder=tmp_path)
