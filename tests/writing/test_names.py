"""Names in any script: letters, folding, the index, and why two names are alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from taggant.errors import InputError
from taggant.writing.folding import fold, skeleton
from taggant.writing.name_alignment import align, compare_names, same_script
from taggant.writing.name_index import NameIndex
from taggant.writing.name_reading import NameReader, Sort
from taggant.writing.scripts import latin, script_of

LISTED = (
    "ALMAZ-ANTEY AIR DEFENSE CONCERN MAIN SYSTEM DESIGN BUREAU, JSC",
    "ALMAZ-ANTEY CORP",
    "IZHEVSKIY ELEKTROMEKHANICHESKIY ZAVOD KUPOL AO",
    "IRAN AIRCRAFT MANUFACTURING INDUSTRIAL COMPANY",
    "EMMR Y COMPANIA S A S",
    "LIMITED LIABILITY COMPANY KINOATIS",
    "Mohammed ALI",
    "LOU TRADING AND INVESTMENT COMPANY LIMITED",
    "Петров Иван Сергеевич",
    "شرکت صنایع هواپیماسازی ایران",
    "Gholamreza EBRAHIMZADEH ARDAKANI",
    "NATIONAL IRANIAN TANKER COMPANY",
    "华为技术有限公司",
    "Αλέξανδρος Παπαδόπουλος",
)


@pytest.fixture(scope="module")
def index() -> NameIndex:
    """An index of a few names in five scripts."""
    return NameIndex(LISTED)


def best(index: NameIndex, query: str) -> tuple[str, float]:
    """The listed name most like the query, and its score."""
    found = index.search([query], most=3)
    row = int(found.rows[0, 0])
    assert row >= 0, query
    return LISTED[int(index.names_of(row)[0])], float(found.scores[0, 0])


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("Алмаз-Антей", "almaz antey"),
        ("Щербаков Юрий", "shcherbakov yuriy"),
        ("ЎЗБЕКИСТОН", "uzbekiston"),
        ("Νικόλαος", "nikolaos"),
        ("پارس", "pars"),
        ("Şahin Güneş", "sahin gunes"),
        ("A.B. O'Brien", "ab obrien"),
        ("Łódź-Øst", "lodz ost"),
        ("李明", "li ming"),
    ],
)
def test_letters_of_many_scripts(written: str, letters: str) -> None:
    """Each script is written in Latin letters, accents gone, joiners gone."""
    assert latin(written).split() == letters.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("khachaturyan", "hachaturian"),
        ("yushchenko", "iushchenko"),
        ("tsiklon", "ciklon"),
        ("shcherbakov", "sherbakov"),
        ("sovcombank", "sovkombank"),
        ("mohammad", "mohamad"),
        ("petr0v", "petrov"),
        ("volkov", "wolkow"),
        ("hoseyn", "hosein"),
    ],
)
def test_schemes_of_transliteration_meet(one: str, other: str) -> None:
    """Two spellings of one sound fold alike."""
    assert fold(one) == fold(other)


def test_folding_does_not_make_all_names_one() -> None:
    """Names that differ in a consonant stay apart."""
    assert len({fold(w) for w in ("petrov", "pavlov", "panov", "popov", "kazakov", "karakov")}) == 6


def test_a_skeleton_meets_unvocalised_script() -> None:
    """Arabic is written without short vowels; the skeleton of both is one."""
    assert skeleton(fold(latin("محمد").strip())) == skeleton(fold("mohammed")) == "mhmd"
    assert skeleton("") == ""


def test_script_is_that_of_most_letters() -> None:
    """A Latin legal form in a Cyrillic name does not make it Latin."""
    assert [script_of(t) for t in ("ООО Ромашка LLC", "abc", "حسن", "王", "한국", "12")] == [
        "Cyrillic", "Latin", "Arabic", "Han", "Hangul", None,
    ]  # fmt: skip
    assert not same_script("Алмаз", "Almaz")
    assert not same_script("12", "12")


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("Общество с ограниченной ответственностью Ромашка", ".llc"),
        ("Romashka OOO", ".llc"),
        ("ROMASHKA LIMITED LIABILITY COMPANY", ".llc"),
        ("ПАО Ромашка", ".jsc"),
        ("Romashka Co., Ltd.", ".ltd"),
        ("Romashka GmbH", ".llc"),
    ],
)
def test_a_legal_form_is_one_word_in_any_language(written: str, word: str) -> None:
    """Spelled out, abbreviated, in either script."""
    read = NameReader().read(written)
    forms = [w for w, s in zip(read.words, read.sorts, strict=True) if s == Sort.FORM]
    assert forms == [word]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("Almaz Antey Telecom", 1),
        ("Алмаз-Антей", 1),
        ("KUPOL IZHEVSK ELECTROMECHANICAL PLANT", 2),
        ("TO THE ORDER OF LOU TRADING AND INVESTMENT CO LTD, DUBAI UAE TEL 4220366", 7),
        ("Ivan S. PETROV", 8),
        ("Gholam Reza Ebrahimzadeh Ardakani", 10),
        ("EBRAHIMZADEH ARDAKANI, Gholamreza", 10),
        ("محمد علی", 6),
        ("Huawei Technologies", 12),
        ("Alexandros PAPADOPOULOS", 13),
        ("NITC", 11),
        ("ALMZ ANTY CORP", 1),
    ],
)
def test_a_name_is_found_however_it_is_written(index: NameIndex, query: str, number: int) -> None:
    """Other script, other order, initials, words around it, words joined, abbreviated, an acronym."""
    assert best(index, query)[0] == LISTED[number]


@pytest.mark.parametrize("query", ["Limited Liability Company EMMA", "EMMA LLC", "OOO", "Ali", "JSC"])
def test_what_only_shares_a_legal_form_or_a_common_word_does_not_alert(index: NameIndex, query: str) -> None:
    """The accident: LLC EMMA alerts for LLC KINOATIS because three words of five agree."""
    found = index.search([query], most=3)
    assert float(found.scores[0].max()) < 0.7


def test_the_alert_is_not_lost_with_the_trap(index: NameIndex) -> None:
    """The over-correction: the same legal form spelled otherwise does not hide the name."""
    assert best(index, "OOO Kinoatis")[1] > 0.9


def test_none_one_and_two_names() -> None:
    """An index of nothing finds nothing; names without letters are nobody's."""
    nothing = NameIndex([]).search(["Almaz", ""], most=2)
    assert nothing.rows.tolist() == [[-1, -1], [-1, -1]]
    one = NameIndex(["Almaz", "...", "ALMAZ."])
    assert one.row_of_name.tolist() == [0, -1, 0]
    assert one.names_of(0).tolist() == [0, 2]
    assert one.search([]).rows.shape == (0, 10)
    with pytest.raises(InputError):
        one.search(["Almaz"], most=0)


def test_one_answer_alone_among_others_and_on_two_cores(index: NameIndex) -> None:
    """A name's score does not hang on the names asked beside it, nor on cores."""
    queries = [*LISTED, "Almaz Antey Telecom", "nobody at all"] * 12
    whole = index.search(queries, most=4)
    spread = index.search(queries, most=4, threads=2)
    assert np.array_equal(whole.rows, spread.rows)
    assert np.array_equal(whole.scores, spread.scores)
    for n in (3, 14, 15):
        alone = index.search([queries[n]], most=4)
        assert np.array_equal(alone.rows[0], whole.rows[n])
        assert np.array_equal(alone.scores[0], whole.scores[n])


def test_the_base_install_gives_the_same_answer_without_numba(index: NameIndex) -> None:
    """Kernels run interpreted where numba is not installed: slower, not otherwise."""
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from taggant.writing.compiling import IS_COMPILED\n"
        "from taggant.writing.name_index import NameIndex\n"
        "assert not IS_COMPILED\n"
        f"listed = {LISTED!r}\n"
        "found = NameIndex(listed).search([*listed, 'Almaz Antey Telecom', 'KUPL ZAVD'], most=3)\n"
        "print(found.rows.tolist(), [[round(float(s), 9) for s in row] for row in found.scores])\n"
    )
    source = Path(__file__).parents[2] / "src"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(source)}
    ).stdout
    found = index.search([*LISTED, "Almaz Antey Telecom", "KUPL ZAVD"], most=3)
    assert said.strip() == f"{found.rows.tolist()} {[[round(float(s), 9) for s in row] for row in found.scores]}"


def test_the_alignment_is_what_was_scored(index: NameIndex) -> None:
    """Every word stands on one line: met, or only on one side."""
    shown = align(index, "TO THE ORDER OF KUPOL PLANT IZHEVSK", LISTED[2])
    by_how = {(w.query, w.listed): w.how for w in shown.words}
    assert by_how["kupol", "kupol"] == "same word"
    assert by_how["plant", "zavod"] == "same meaning"
    assert by_how["to the order of", None] == "only in the query"
    assert (None, "ao") in by_how
    assert 0 < shown.query_met <= 1
    assert align(index, "", LISTED[2]).both == 0.0


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("Kim Song Min", "KIM SONG CHOL", False),
        ("ABC Company", "A.B.C. Company", True),
        ("Sergey Shoigu", "Шойгу Сергей", True),
        ("Ramimakhlouf", "Rami Makhlouf", True),
        ("Angelo Cruz", "Angela Merkel", False),
    ],
)
def test_two_names_alone(one: str, other: str, is_one: bool) -> None:
    """Without a list every word tells alike."""
    assert (compare_names(one, other).both > 0.8) is is_one
