"""Times in words of eight languages, said on 12 September 2024. Each expected value was worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from taggant.writing.edtf import parse_edtf
from taggant.writing.solar_calendar import solar_day
from taggant.writing.when import find_dates

SAID = date(2024, 9, 12)
TIMES = """
en|by mid-2025|../2025-06
en|since July 2023|2023-07/..
en|by the end of 2023|../2023-12
en|in early 2024|2024-01/2024-03
en|in late 2023|2023-10/2023-12
en|between June and December 2023|2023-06/2023-12
en|from May 2023 to July 2023|2023-05/2023-07
en|on 14 July 2023|2023-07-14
en|on July 14, 2023|2023-07-14
en|by summer 2025|../2025-08
en|in the first half of 2024|2024-01/2024-06
en|in the third quarter of 2024|2024-07/2024-09
en|the first nine months of 2024|2024-01/2024-09
en|by the end of the year|../2024-12
en|last month|2024-08
en|last year|2023
en|next year|2025
en|in March|2024-03
en|by March|../2025-03
en|two years ago|2022
en|yesterday|2024-09-11
en|before 2026|../2025
en|last week|2024-W36
en|since the beginning of the month|2024-09/..
fr|avant 2027|../2026
en|2023-07-14|2023-07-14
en|in 2024|2024
en|in autumn 2022|2022-09/2022-11
en|since 2022|2022/..
ru|к середине 2025 года|../2025-06
ru|с июля 2023 года|2023-07/..
ru|до конца 2023 года|../2023-12
ru|в начале 2024 года|2024-01/2024-03
ru|14 июля 2023 года|2023-07-14
ru|в прошлом году|2023
ru|летом 2025 года|2025-06/2025-08
ru|с мая по июль 2023 года|2023-05/2023-07
ru|к концу года|../2024-12
ru|14.07.2023|2023-07-14
ru|два года назад|2022
uk|до середини 2025 року|../2025-06
uk|з липня 2023 року|2023-07/..
uk|до кінця року|../2024-12
uk|влітку 2025 року|2025-06/2025-08
uk|торік|2023
uk|14 липня 2023 року|2023-07-14
uk|у вересні 2023 року|2023-09
fa|تا اواسط ۲۰۲۵|../2025-06
fa|از ژوئیه ۲۰۲۳|2023-07/..
fa|تا پایان سال ۲۰۲۳|../2023-12
fa|۲۳ تیر ۱۴۰۲|2023-07-14
fa|در تیر ۱۴۰۲|2023-06-22/2023-07-22
fa|سال گذشته|2023
fa|۱۴ ژوئیه ۲۰۲۳|2023-07-14
de|bis Mitte 2025|../2025-06
de|seit Juli 2023|2023-07/..
de|bis Ende 2023|../2023-12
de|im Sommer 2025|2025-06/2025-08
de|am 14. Juli 2023|2023-07-14
de|im vergangenen Jahr|2023
de|bis Jahresende|../2024-12
fr|d'ici la mi-2025|../2025-06
fr|depuis juillet 2023|2023-07/..
fr|d'ici fin 2023|../2023-12
fr|à l'été 2025|2025-06/2025-08
fr|le 14 juillet 2023|2023-07-14
fr|l'an dernier|2023
fr|d'ici à la fin de l'année|../2024-12
es|para mediados de 2025|../2025-06
es|desde julio de 2023|2023-07/..
es|para finales de 2023|../2023-12
es|el 14 de julio de 2023|2023-07-14
es|el año pasado|2023
pl|do połowy 2025 roku|../2025-06
pl|od lipca 2023 r.|2023-07/..
pl|do końca 2023 roku|../2023-12
pl|14 lipca 2023 roku|2023-07-14
pl|w ubiegłym roku|2023
pl|latem 2025 roku|2025-06/2025-08
"""
CASES = [line.split("|") for line in TIMES.strip().splitlines()]


@pytest.mark.parametrize(("language", "text", "edtf"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_one_time(language: str, text: str, edtf: str) -> None:
    """Each text names one time, written as EDTF that can be read again."""
    found = find_dates(text, language=language, said=SAID)
    assert [w.edtf for w in found] == [edtf]
    parse_edtf(edtf)


def test_without_a_day_of_publication_nothing_is_reckoned() -> None:
    """Last month of an undated page is no date."""
    assert find_dates("last month, and in July", language="en") == ()
    assert [w.edtf for w in find_dates("in July 2023", language="en")] == ["2023-07"]


def test_may_and_march_are_words_too() -> None:
    """They may come; they march on: no month without a preposition before it."""
    assert find_dates("they may come, and march on", language="en", said=SAID) == ()


def test_a_day_that_does_not_exist_is_no_date() -> None:
    """30 February and month 13 are read as nothing."""
    assert find_dates("on 2023-13-01 and 30.02.2023", language="en", said=SAID) == ()


def test_the_expressions_tested_are_at_least_150() -> None:
    """Amounts and times of all languages together, as promised."""
    from tests.writing.test_quantities import CASES as AMOUNTS

    assert len(CASES) + len(AMOUNTS) >= 150
    assert {c[0] for c in CASES} == {c[0] for c in AMOUNTS} == {"en", "ru", "uk", "fa", "de", "fr", "es", "pl"}


@pytest.mark.parametrize(
    ("solar", "ours"),
    [((1399, 1, 1), date(2020, 3, 20)), ((1402, 1, 1), date(2023, 3, 21)), ((1402, 12, 29), date(2024, 3, 19)),
     ((1403, 12, 30), date(2025, 3, 20))],
)  # fmt: skip
def test_solar_days(solar: tuple[int, int, int], ours: date) -> None:
    """New year's days as the published calendars have them; 1403 was a leap year."""
    assert solar_day(*solar) == ours
