"""Addresses of pages: safe on every file system, never shared, whatever a key holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.report.addresses import file_stem, page_address, root_from, twin

_HOSTILE = (
    "../x", "..", ".", "", "/etc/passwd", "C:\\x", "con", "CON", "aux", "nul", "a/b", "a\\b", "a b", "Ы-391", "Часть",
    "م-۱", "x" * 300, "x" * 301, "a\x00b", "%2e%2e", "A", "a", "a.html", "index", "-a", "a-", "a|b", "\ud800",
    "x--d6b96a97d147daaa", "<script>",
)  # fmt: skip


def test_hostile_keys_have_safe_names_of_their_own() -> None:
    """Letters, digits and dashes; short; none shared, also where capitals do not count."""
    stems = [file_stem(key) for key in _HOSTILE]
    assert all(re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,90})", stem) for stem in stems), stems
    assert len({stem.casefold() for stem in stems}) == len(_HOSTILE)
    assert not {"con", "aux", "nul", "index"} & set(stems)


@given(st.text(), st.text())
def test_two_keys_never_share_a_name(one: str, other: str) -> None:
    """Whatever the letters."""
    assert (file_stem(one).casefold() == file_stem(other).casefold()) == (one == other)


@pytest.mark.parametrize("key", ["m214", "gur-663", "y-1276", "2023-07"])
def test_plain_keys_stay_as_they_are(key: str) -> None:
    """An address people can read and type."""
    assert file_stem(key) == key


def test_links_climb_to_the_root() -> None:
    """From a page in a folder one step up; twins stand beside their page."""
    assert root_from(page_address("item", "m214")) == "../"
    assert twin(page_address("item", "../x")) == "item/x--d6b96a97d147daaa.json"
