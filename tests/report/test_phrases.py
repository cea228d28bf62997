"""Sentences: each key has words, each value is linked, nothing is said without its value."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from taggant.errors import InputError, UnknownName
from taggant.report.phrases import day, integer, label, phrase_book, questions, say, statement_keys

from .sample import findings, item_values, value

_ENTRIES = phrase_book("en")["sentences"]
_BY_FORMAT = {"day": "2023-08-01", "month": "2023-08-01", "integer": 5, "text": "Kestrel 07"}


def _wordings(key: str) -> list[str]:
    """Give every wording of a key: the usual one and those for particular numbers."""
    return [_ENTRIES[key]["text"], *(w["text"] for w in _ENTRIES[key].get("when", ()))]


def _values(key: str) -> dict[str, dict[str, object]]:
    """Give a value of the right sort for everything the key's wordings name."""
    found: dict[str, dict[str, object]] = {w["value"]: value(5) for w in _ENTRIES[key].get("when", ())}
    for text in _wordings(key):
        for name, form, word in re.findall(r"{(\w+)(?::(\w+))?(\|)?", text):
            if form or not word:
                found[name] = value(_BY_FORMAT.get(form or "text", 5))
    return found


def _optional(key: str) -> set[str]:
    """Give the values a key names only inside clauses that may be left out."""
    inside, outside = set(), set()
    for text in _wordings(key):
        names = re.compile(r"{(\w+)")
        inside |= {n for clause in re.findall(r"<<(.*?)>>", text, re.DOTALL) for n in names.findall(clause)}
        outside |= set(names.findall(re.sub(r"<<.*?>>", "", text, flags=re.DOTALL)))
    return inside - outside


_ALL = _values("when-made.item") | item_values(
    "Kestrel 07", "07", "2021-08-01", "2022-09-13", ("k1", "VP 18M", "18M", "r"), ("2021-07-01", "k2"), (4, 1)
)


@pytest.mark.parametrize("key", statement_keys())
@pytest.mark.parametrize("n", [0, 1, 2, 12345])
def test_every_key_is_said(key: str, n: int) -> None:
    """Each statement gives a whole sentence for none, one, two and many, and leaves no bracket behind."""
    values = _values(key)
    counts = {name: value(n) for name, given in values.items() if isinstance(given["value"], int)}
    sentence = say(key, values | counts)
    assert re.search(r"[.?]$", sentence.text)
    assert not re.search(r"[\[\]{}<>|]|  | \.|None", sentence.text)
    linked = sentence.html(lambda name, rests_on: f"#{name}")
    assert linked.count("<a ") == sum(p.name is not None for p in sentence.parts) > 0 or key.endswith("case.refused")
    assert linked.count('class="hedge"') == linked.count("</span>")


@pytest.mark.parametrize("key", statement_keys())
def test_every_key_does_without_what_may_be_unknown(key: str) -> None:
    """What stands only in optional clauses drops its clause when it is null, not the sentence."""
    text = say(key, _values(key) | {n: value(None) for n in _optional(key)}).text
    assert re.search(r"[.?]$", text)
    assert not re.search(r"[\[\]{}<>|]|  | \.|None", text)


def test_a_sentence_reads_aloud() -> None:
    """The words of the commonest statement, as an investigator says them."""
    assert (
        say("when-made.item", _ALL).text
        == "Kestrel 07 cannot have been assembled before 1 August 2021, if the mark “18M” on its newest part is read "
        "right. It was known by 13 September 2022. Without the mark “18M”: not before 1 July 2021."
    )


@pytest.mark.parametrize("finding", findings(), ids=lambda f: str(f["id"]))
def test_sample_findings_are_said(finding: dict[str, object]) -> None:
    """Findings as rooms give them have all the values their sentence names."""
    statement = finding["statement"]
    assert isinstance(statement, dict)
    assert say(statement["key"], statement["values"]).text


def test_unknown_key_is_answered_with_the_close_one() -> None:
    """A misspelt statement key names its neighbour."""
    with pytest.raises(UnknownName, match=r"Did you mean when-made\.item"):
        say("when-made.itme", {})


def test_unknown_language_and_label() -> None:
    """A language or a label nobody declared is refused."""
    with pytest.raises(UnknownName, match="no language is named 'fr'"):
        say("when-made.item", {}, lang="fr")
    with pytest.raises(UnknownName, match="no label is named 'asumes'"):
        label("asumes")


def test_missing_value_is_an_error_and_says_which() -> None:
    """A value the sentence names must be in the finding."""
    without = {k: v for k, v in _ALL.items() if k != "earliest"}
    with pytest.raises(InputError, match="'earliest' is not in the finding"):
        say("when-made.item", without)


def test_missing_value_of_an_optional_clause_is_an_error_too() -> None:
    """Unknown is null; absent is a fault: the clause is not silently dropped."""
    without = {k: v for k, v in _ALL.items() if k != "listed"}
    with pytest.raises(InputError, match="'listed' is not in the finding"):
        say("when-made.item", without)


def test_null_outside_an_optional_clause_is_an_error() -> None:
    """A sentence is never said around a hole."""
    with pytest.raises(InputError, match="'earliest' is null"):
        say("when-made.item", {**_ALL, "earliest": value(None)})


@pytest.mark.parametrize("wrong", ["22 August 2022", "2022-13-01", ""])
def test_a_day_that_is_no_day_is_refused(wrong: str) -> None:
    """A day comes as ISO text."""
    with pytest.raises(InputError, match="is no day in ISO form"):
        say("when-made.item", {**_ALL, "earliest": value(wrong)})


@pytest.mark.parametrize("wrong", [True, 1.5, "3"])
def test_a_count_is_a_whole_number(wrong: object) -> None:
    """True is no count, nor is a text that looks like one."""
    with pytest.raises(InputError, match="not a whole number"):
        say("when-made.item.refused", {"item": value("x"), "n_marked": value(wrong)})


def test_values_are_escaped_and_isolated() -> None:
    """Markup in a value is shown as letters, in an isolated direction."""
    html = say("when-made.item.refused", {"item": value("<script>\u202e"), "n_marked": value(2)}).html(
        lambda n, r: None
    )
    assert "<bdi>&lt;script&gt;⟨U+202E⟩</bdi>" in html
    assert "<script" not in html


def test_numbers_are_grouped_and_days_written_out() -> None:
    """Four digits stay together; five are grouped by a narrow space; the zero is a zero."""
    assert [integer(n) for n in (0, 1205, 18358, -1234567)] == ["0", "1205", "18\u202f358", "-1\u202f234\u202f567"]
    assert day("2022-08-01") == "1 August 2022"


def test_ten_questions() -> None:
    """The navigation holds the ten questions of the house, in their order."""
    assert list(questions()) == [
        "what-is-it", "when-made", "whose-parts", "through-whose-hands", "how-many", "what-changed", "has-it-stopped",
        "who-said-what", "is-it-kept", "what-next",
    ]  # fmt: skip


def test_every_label_is_used() -> None:
    """A label nobody shows is taken out."""
    room = resources.files("taggant.report")
    labels = phrase_book("en")["labels"]
    files = [
        f
        for folder in (room, room.joinpath("templates"), resources.files("taggant.cli"))
        for f in folder.iterdir()
        if f.name.endswith((".py", ".j2"))
    ]
    text = "\n".join(f.read_text(encoding="utf-8") for f in files)
    named_by_value = "answered|partly|refused|certain-on|oldest-on|median-on|newest|newest-but-one|not-built"
    built = re.compile(rf"^(state|status|closed|how|reading|key|stance|topic)-|^({named_by_value})$")
    assert [n for n in labels if not built.search(n) and f"'{n}'" not in text and f'"{n}"' not in text] == []
