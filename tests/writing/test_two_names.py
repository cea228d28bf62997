"""Two names alone: one or two?"""

from __future__ import annotations

from math import exp

import pytest

from taggant.writing.two_names import ACRONYM, two_names


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("SiemensAG", "Siemens AG", True),
        ("OAO Gazprom", "Gasprom JSC", True),
        ("Kim Song Min", "KIM SONG CHOL", False),
        ("Lionel Bessi", "Lionel Messi", True),
        ("1st International Bank", "First International Bank", True),
        ("Brigade Forty-Four", "Brigade 44", True),
        ("PLA", "People's Liberation Army", True),
        ("Abdullah Omar Hasan", "Abdullah Omar Salih", False),
        ("Шойгу Сергей", "Shoigu Sergei", True),
        ("LLC", "LLC", True),
        ("LLC", "Kupol", False),
        ("", "", False),
    ],
)
def test_one_party_or_two(one: str, other: str, is_one: bool) -> None:
    """Glued forms, slips of the pen, numbers in words, initials; another name is another party."""
    assert (two_names(one, other).likelihood >= 0.5) is is_one
    assert two_names(other, one).likelihood == pytest.approx(two_names(one, other).likelihood)


def test_the_likelihood_is_that_of_its_parts() -> None:
    """Worked by hand: same words, other legal form; the formula gives 1 / (1 + exp(-(1.6 + 1.7 - 2.8)))."""
    found = two_names("Kupol LLC", "Kupol JSC")
    assert (found.whole, found.edits, found.extra, found.other_forms) == (1.0, 0.0, 0.0, True)
    assert found.likelihood == pytest.approx(1 / (1 + exp(-0.5)))


def test_parts_say_what_differs() -> None:
    """Numbers, order, more words, an acronym."""
    assert two_names("Fund VII", "Fund VIII").other_numbers
    assert two_names("Fund VII", "Fund VIII").likelihood < two_names("Fund VII", "Fund 7").likelihood
    assert two_names("Brigade Twenty One", "Brigade 21").other_numbers is False
    assert two_names("Ivan Petrov", "Petrov Ivan").turned
    assert two_names("Almaz Antey", "Almaz").extra == 0.5
    found = two_names("PLA", "People's Liberation Army")
    assert found.is_acronym
    assert found.likelihood == ACRONYM
