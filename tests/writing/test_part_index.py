"""Part numbers looked up: what may match by itself, and what a person has to look at."""

from __future__ import annotations

import pytest

from taggant.writing.part_index import PartIndex, bare_part, folded_part

PARTS = ["STM32F103C8T6", "STM32F105C8T6", "MAX3221EAE", "LM5176PWPR", "LM5176PWPT", "К1986ВЕ92QI"]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_catalogues_of_none_one_and_two(n: int) -> None:
    """Nothing is found in nothing; a number finds itself."""
    index = PartIndex(PARTS[:n])
    assert [h.part for h in index.search("STM32F103C8T6")][:1] == PARTS[: min(n, 1)]
    assert index.search("") == ()


@pytest.mark.parametrize(
    ("asked", "part", "how"),
    [
        ("MAX3221EAE", "MAX3221EAE", "exact"),
        ("max 3221-eae", "MAX3221EAE", "separators"),
        ("K1986BE92QI", "К1986ВЕ92QI", "separators"),
        ("STM32FIO3C8T6", "STM32F103C8T6", "confusion"),
        ("MAX3221", "MAX3221EAE", "ending"),
    ],
)
def test_separators_look_alikes_and_endings_may_match(asked: str, part: str, how: str) -> None:
    """Each says how, and may be taken for the same part."""
    first = PartIndex(PARTS).search(asked)[0]
    assert (first.part, first.how, first.may_match) == (part, how, True)


def test_one_wrong_letter_never_matches_by_itself() -> None:
    """MAX3222EAE is another part: it is shown, and left to a person."""
    first = PartIndex(PARTS).search("MAX3223EAE")[0]
    assert (first.part, first.how, first.may_match) == ("MAX3221EAE", "similar", False)


def test_two_numbers_that_fit_alike_are_left_to_a_person() -> None:
    """LM5176PWP is the beginning of both PWPR and PWPT."""
    hits = PartIndex(PARTS).search("LM5176PWP")
    assert [h.part for h in hits][:2] == ["LM5176PWPR", "LM5176PWPT"]
    assert not any(h.may_match for h in hits)


@pytest.mark.parametrize("asked", ["LM5117PMH/NOPB", "LM5117PMH-REEL7", "lm5117pmh+t&r", "LM5117PMH/TUBE"])
def test_packing_behind_a_mark_is_no_other_part(asked: str) -> None:
    """What dealers add behind a number."""
    first = PartIndex(["LM5117PMH", "LM5117"]).search(asked)[0]
    assert (first.part, first.how, first.may_match) == ("LM5117PMH", "ending", True)


def test_other_letters_behind_a_mark_may_be_a_misread_ending() -> None:
    """TPS55340-EPQFP is nearer to …EPQFN than to …EP; neither matches by itself."""
    first = PartIndex(["TPS55340-EP", "TPS55340-EPQFN"]).search("TPS55340-EPQFP")[0]
    assert (first.part, first.how, first.may_match) == ("TPS55340-EPQFN", "similar", False)


def test_an_affix_beside_a_number_one_letter_away_is_left_to_a_person() -> None:
    """LOG114E may be LOG114ET with its ending lost, or LOG114A misread."""
    hits = PartIndex(["LOG114ET", "LOG114A"]).search("LOG114E")
    assert {h.part for h in hits} == {"LOG114ET", "LOG114A"}
    assert not any(h.may_match for h in hits)


def test_a_beginning_left_out_may_match() -> None:
    """The house's letters are dropped from small packages: 65HVD230 for SN65HVD230."""
    first = PartIndex(["SN65HVD230", "TLV5618"]).search("65HVD230")[0]
    assert (first.part, first.how, first.may_match) == ("SN65HVD230", "beginning", True)


def test_a_digit_behind_digits_is_no_ending() -> None:
    """LM51765 is not LM5176 with a package."""
    hit = PartIndex(["LM5176"]).search("LM51765")[0]
    assert not hit.may_match


def test_keys_fold_what_looks_alike() -> None:
    """O0QD, 1IL, 5S, 8B, 2Z, 6G; case and dashes first."""
    assert folded_part("o0qd-1il-5s-8b-2z-6g") == "OOOO11155882266"
    assert bare_part("ad-8231") == "AD8231"
