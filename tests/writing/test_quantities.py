"""Amounts in words of eight languages. Each expected value was worked out by hand."""

from __future__ import annotations

import pytest

from taggant.errors import UnknownName
from taggant.writing.language_words import folded, language_words, languages
from taggant.writing.quantities import find_quantities

# language | text | least | most | per
AMOUNTS = """
en|6,000 drones|6000|6000|
en|at least 200 a month|200||month
en|no fewer than forty units|40||
en|more than 5,500 per month|5500||month
en|over 300 drones|300||
en|up to 2,700 drones per month||2700|month
en|almost 5,000|5000|5000|
en|fewer than 300||300|
en|between 200 and 250 a day|200|250|day
en|from 300 to 350 per day|300|350|day
en|8,000–10,000 drones|8000|10000|
en|5-6 thousand|5000|6000|
en|two to three hundred|200|300|
en|about 400|400|400|
en|hundreds of drones|200|999|
en|several hundred|300|999|
en|dozens of launches|24|99|
en|thousands of engines|2000|9999|
en|tens of thousands|20000|99999|
en|a dozen|12|12|
en|two dozen launchers|24|24|
en|half a dozen trucks|6|6|
en|twenty-five thousand|25000|25000|
en|six thousand five hundred|6500|6500|
en|one hundred and twenty|120|120|
en|1.75 billion dollars|1750000000|1750000000|
en|2.5 million|2500000|2500000|
en|a monthly output of 2,700|2700|2700|month
en|404 every day|404|404|day
en|300 or more|300||
en|500+ units|500||
en|more than hundreds of drones|200||
en|zero drones|0|0|
en|fourteen launchers a week|14|14|week
ru|более шести тысяч дронов|6000||
ru|не менее 200 в месяц|200||month
ru|до 2700 в месяц||2700|month
ru|около 5,5 тысяч|5500|5500|
ru|от 200 до 250 в сутки|200|250|day
ru|6 тыс. в год|6000|6000|year
ru|двести пятьдесят|250|250|
ru|сотни беспилотников|200|999|
ru|несколько десятков|30|99|
ru|свыше 1 700 аппаратов|1700||
ru|почти 5000|5000|5000|
ru|тысяча двести|1200|1200|
ru|300–350 в день|300|350|day
ru|примерно сорок установок|40|40|
ru|несколько сотен ракет|300|999|
ru|ежемесячно 90 машин|90|90|month
uk|понад дві тисячі|2000||
uk|щонайменше 300 на місяць|300||month
uk|до 2 700 на місяць||2700|month
uk|від 200 до 250 на добу|200|250|day
uk|близько п'ятсот|500|500|
uk|сотні дронів|200|999|
uk|кілька десятків|30|99|
uk|не більше 40||40|
uk|6 тис. на рік|6000|6000|year
uk|сорок два|42|42|
uk|майже 1 000|1000|1000|
uk|5,5 тисяч|5500|5500|
uk|щодня 120 апаратів|120|120|day
fa|بیش از ۶٬۰۰۰ پهپاد|6000||
fa|دست‌کم ۲۰۰ در ماه|200||month
fa|حداکثر ۲۷۰۰ در ماه||2700|month
fa|سه هزار و پانصد|3500|3500|
fa|صدها پهپاد|200|999|
fa|بین ۲۰۰ تا ۲۵۰ در روز|200|250|day
fa|ده‌ها فروند|20|99|
fa|حدود ۴۰۰|400|400|
fa|دویست و پنجاه|250|250|
fa|هزاران موتور|2000|9999|
fa|کمتر از ۳۰۰||300|
fa|۵۰ درصد|50|50|
fa|سالانه ۶ هزار|6000|6000|year
de|sechstausend Drohnen|6000|6000|
de|mindestens 200 im Monat|200||month
de|bis zu 2.700 pro Monat||2700|month
de|zwischen 200 und 250 täglich|200|250|day
de|mehr als 5.500|5500||
de|rund vierzig Werfer|40|40|
de|fünfundzwanzig|25|25|
de|zweihundertfünfzig|250|250|
de|dreitausendfünfhundert|3500|3500|
de|Hunderte Drohnen|200|999|
de|mehrere hundert|300|999|
de|Dutzende Starts|24|99|
de|2,5 Millionen|2500000|2500000|
de|fast 5.000|5000|5000|
de|weniger als 300||300|
de|300 bis 350 pro Tag|300|350|day
de|ein Dutzend|12|12|
fr|plus de 6 000 par an|6000||year
fr|au moins 200 par mois|200||month
fr|jusqu'à 2 700 par mois||2700|month
fr|entre 200 et 250 par jour|200|250|day
fr|quatre-vingt-dix drones|90|90|
fr|soixante-quinze|75|75|
fr|quatre-vingts lanceurs|80|80|
fr|deux mille cinq cents|2500|2500|
fr|une centaine|100|100|
fr|des centaines de drones|200|999|
fr|plusieurs dizaines|30|99|
fr|environ 300|300|300|
fr|moins de 40||40|
fr|vingt et un|21|21|
fr|1,7 milliard|1700000000|1700000000|
fr|pas moins de 500|500||
es|dos mil setecientos al mes|2700|2700|month
es|entre 200 y 250 al día|200|250|day
es|más de 6.000|6000||
es|hasta 2.700 mensuales||2700|month
es|al menos trescientos|300||
es|cientos de drones|200|999|
es|decenas de lanzamientos|20|99|
es|treinta y cinco|35|35|
es|una docena|12|12|
es|unos 400 drones|400|400|
es|menos de 40||40|
es|1,5 millones|1500000|1500000|
es|miles de motores|2000|9999|
pl|ponad sześć tysięcy|6000||
pl|co najmniej 200 miesięcznie|200||month
pl|do 2700 miesięcznie||2700|month
pl|od 200 do 250 dziennie|200|250|day
pl|kilkaset dronów|300|999|
pl|kilkadziesiąt|20|99|
pl|setki dronów|200|999|
pl|około czterystu|400|400|
pl|dwadzieścia pięć|25|25|
pl|5,5 tys. rocznie|5500|5500|year
pl|mniej niż 300||300|
pl|prawie 5000|5000|5000|
"""

CASES = [line.split("|") for line in AMOUNTS.strip().splitlines()]


@pytest.mark.parametrize(("language", "text", "low", "high", "per"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_one_amount(language: str, text: str, low: str, high: str, per: str) -> None:
    """Each text gives one amount."""
    found = find_quantities(text, language=language)
    assert [(q.low, q.high, q.per) for q in found] == [
        (float(low) if low else None, float(high) if high else None, per or None)
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the Shahed-136 and the Geran-2"),
        ("en", "one of the plants, and no one else"),
        ("en", "the M214 was found"),
        ("ru", "Герань-2 и Ланцет-3"),
        ("de", "ein Werk und eine Halle"),
        ("fr", "un neuf et une usine"),
        ("es", "un taller y una fábrica"),
        ("fa", "یک کارخانه"),
        ("en", ""),
    ],
)
def test_what_is_no_amount(language: str, text: str) -> None:
    """Names of types, articles and the empty text hold none."""
    assert find_quantities(text, language=language) == ()


def test_places_are_those_of_the_text() -> None:
    """A place can be cut out of the text, whatever its script."""
    text = "گفت که بیش از ۶٬۰۰۰ پهپاد ساخته شد"
    (q,) = find_quantities(text, language="fa")
    assert text[slice(*q.span)] == "بیش از ۶٬۰۰۰"
    assert text[slice(*q.number_span)] == "۶٬۰۰۰"


def test_a_rate_belongs_to_its_own_number() -> None:
    """ "A day" after the second number says nothing of the first."""
    found = find_quantities("5,500 units in all, 404 a day", language="en")
    assert [(q.low, q.per) for q in found] == [(5500.0, None), (404.0, "day")]


def test_a_percentage_says_so() -> None:
    """A share is no count."""
    found = find_quantities("60 per cent of the parts, and 40% later", language="en")
    assert [(q.low, q.is_percent) for q in found] == [(60.0, True), (40.0, True)]


def test_a_language_nobody_wrote_is_refused() -> None:
    """An unknown language is answered with the known ones."""
    with pytest.raises(UnknownName, match="en"):
        language_words("xx")


def test_every_language_has_the_same_tables() -> None:
    """A new language cannot forget one."""
    tables = {code: set(language_words(code).tables) - {"solar_months"} for code in languages()}
    assert set(languages()) == {"en", "ru", "uk", "fa", "de", "fr", "es", "pl"}
    assert {frozenset(t) for t in tables.values()} == {frozenset(tables["en"])}


def test_folding_keeps_every_place() -> None:
    """İ grows when it is made small: it stays as it is, so that places hold."""
    text = "İ۶ \u00a0É"
    assert len(folded(text)) == len(text)
