"""Everything of the reference can be listed, looked up, searched and printed; every entry rests on a page."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from taggant.cli import app
from taggant.errors import InputError, TaggantError, UnknownName
from taggant.reference.catalogue import SHELVES, entries_of, find_entries, look_up

URL = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?|https?://[0-9.]+:[0-9]+/\S*")


def printed(*arguments: str) -> str:
    """What the command prints when it is right."""
    result = CliRunner().invoke(app, ["reference", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("shelf", list(SHELVES))
def test_every_entry_has_a_name_of_its_own_words_and_pages(shelf: str) -> None:
    """No id stands twice; each page is an address and says how it was read; each entry can be looked up by its id."""
    entries = entries_of(shelf)
    assert entries
    assert len({e.id for e in entries}) == len(entries)
    for entry in entries:
        assert entry.title
        assert entry.sources
        assert all(URL.fullmatch(s.url) and s.retrieved for s in entry.sources), entry.id
        assert look_up(shelf, entry.id) == (entry,)
        assert json.loads(json.dumps(entry.as_json()))["id"] == entry.id


def test_addresses_within_the_entries_are_addresses_too() -> None:
    """Examples and notes name pages as well."""
    texts = [json.dumps(e.as_json(), ensure_ascii=False) for shelf in SHELVES for e in entries_of(shelf)]
    found = [u.rstrip(".,;)") for text in texts for u in re.findall(r"https?://[^\s\"<>]+", text)]
    assert len(found) > 1000
    assert [u for u in found if not URL.fullmatch(u)] == []


@pytest.mark.parametrize(
    ("shelf", "name", "ids"),
    [
        ("makers", "ON Semiconductor (ONSEMI)", ["onsemi"]),
        ("features", "servo", ["servo.servo"]),
        ("part-families", "LM5117PMH", ["LM5117", r"LM5\d{3}"]),
        ("countries", "XQ", ["XQ"]),
        ("chpl", "854231", ["854231"]),
    ],
)
def test_names_people_use_are_understood(shelf: str, name: str, ids: list[str]) -> None:
    """A maker's listed name, a feature without its module, a part number, a user-assigned country."""
    assert [e.id for e in look_up(shelf, name)] == ids


def test_what_is_not_there_is_refused_with_close_names() -> None:
    """A wrong shelf lists the shelves, a wrong entry gives close ones and the search."""
    with pytest.raises(UnknownName, match="Did you mean makers"):
        look_up("maker", "onsemi")
    with pytest.raises(InputError, match=r"mean.*mornsun.*--find"):
        look_up("makers", "mornsum")
    with pytest.raises(InputError, match="nothing to search for"):
        find_entries("  ")


def test_the_search_wants_all_words_and_puts_names_first() -> None:
    """In any case, in names or anywhere in an entry, on one shelf or all."""
    found = find_entries("MESH modem")
    assert found[0].id == "communication.mesh_modem"
    assert {"gerbera", "XK-F358"} <= {e.id for e in found}
    assert {e.shelf for e in find_entries("kupol", shelf="variants")} == {"variants"}
    assert find_entries("mesh piano") == ()


def test_the_command_lists_the_tables_then_entries_then_one_entry() -> None:
    """Counts; ids and titles; every field, and the pages under `rests on`."""
    tables = printed()
    assert all(re.search(rf"\d+  {name} ", tables) for name in SHELVES)
    assert "mornsun" in printed("makers", "--find", "guangzhou")
    one = printed("makers", "xlsemi")
    assert "brand country: CN" in one
    assert "https://war-sanctions.gur.gov.ua/en/components/4808" in one
    assert "Nothing in the reference" in printed("--find", "mesh piano")


def test_the_command_prints_for_machines() -> None:
    """One list of entries, whether listed, found or looked up; one of tables without a kind."""
    assert {t["shelf"] for t in json.loads(printed("--json"))} == set(SHELVES)
    (one,) = json.loads(printed("chpl", "854231", "--json"))
    assert one["facts"]["tier"] == "1"
    assert len(json.loads(printed("countries", "--json"))) == 249
    assert json.loads(printed("--find", "mesh piano", "--json")) == []


@pytest.mark.parametrize("arguments", [["nothing"], ["makers", "nobody-at-all"], ["makers", "mornsun", "--find", "x"]])
def test_the_command_refuses_what_it_does_not_know(arguments: list[str]) -> None:
    """With an error of the house, which says the next step."""
    result = CliRunner().invoke(app, ["reference", *arguments])
    assert isinstance(result.exception, TaggantError)
    assert result.exception.next
