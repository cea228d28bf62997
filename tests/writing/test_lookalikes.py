"""Letters that look alike fold to one key; the text itself is left alone."""

from __future__ import annotations

import pytest

from taggant.writing.lookalikes import fold_scripts, fold_shapes, scripts_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("К1986ВЕ92QI", "K1986BE92QI"), ("МС-27 484", "mc27484"), ("ТЕМР", "TEMP"), ("Ν2Ο", "N2O"), ("", "")],
)
def test_twins_have_one_key(one: str, other: str) -> None:
    """Cyrillic, Greek and Latin twins, small letters, spaces and dashes make no difference."""
    assert fold_scripts(one) == fold_scripts(other)


@pytest.mark.parametrize(("one", "other"), [("Ы-818", "bl-818"), ("Ж1", "K1"), ("A1", "A7")])
def test_letters_without_a_twin_stay_apart(one: str, other: str) -> None:
    """Ы and Ж look like no single Latin letter: folding them would make two marks one."""
    assert fold_scripts(one) != fold_scripts(other)


def test_shapes_fold_further_than_scripts() -> None:
    """O and 0, I, L and 1 are one shape; B and 8 are not folded here."""
    assert fold_shapes("LOT O1I") == "10T011"
    assert fold_shapes("B8") == "B8"


@pytest.mark.parametrize(
    ("text", "scripts"), [("2217", ()), ("К1986ВЕ92QI", ("Cyrl", "Latn")), ("الف 12", ("Arab",)), ("口", ("Hani",))]
)
def test_scripts_are_those_of_letters(text: str, scripts: tuple[str, ...]) -> None:
    """Digits have no script."""
    assert scripts_of(text) == scripts
