"""Families and catalogues looked up together, and catalogues that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.identification.part_lookup import look_up, read_catalogue


def test_a_users_catalogue_is_read_and_its_rows_are_named(tmp_path: Path) -> None:
    """Rows without a number fall out; each hit says where it stands."""
    path = tmp_path / "mine.csv"
    path.write_text("Part,Maker\nLM5176PWPR,Texas Instruments\n,\n", encoding="utf-8")
    rows = read_catalogue(path)
    assert [(r.part, r.maker, r.where) for r in rows] == [("LM5176PWPR", "Texas Instruments", "mine.csv#row=2")]
    found = look_up(["LM5I76PWPR", "ZZZ"], rows)
    assert found[0].hits[0][0].how == "confusion"
    assert (found[1].family, found[1].hits) == (None, ())


def test_without_a_catalogue_the_family_is_told() -> None:
    """Nothing but what is shipped."""
    found = look_up(["TMS320F28335PGFA"], [])[0]
    assert (found.family_maker, found.hits) == ("Texas Instruments", ())


@pytest.mark.parametrize("body", [b"number\n1\n", b"\xff\xfe\x00", b""])
def test_a_catalogue_that_cannot_be_read_says_what_to_do(tmp_path: Path, body: bytes) -> None:
    """No column, no text, nothing at all."""
    path = tmp_path / "bad.csv"
    path.write_bytes(body)
    with pytest.raises(InputError) as caught:
        read_catalogue(path)
    assert caught.value.next
