"""Loading rules: what is wrong is refused with file, rule and next step; the digest sees every byte."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.reference import digest, load_date_code_rules, load_kinds, load_makers

MAKERS = (
    "maker_id,name,aliases,brand_country,successor_of,brand_line_of,source_url,retrieved,status,note\n"
    "acme,Acme,,US,,,https://example.org,2026-01,secondary,\n"
)
RULE = """
[[rule]]
id = "acme-yyww"
maker = "acme"
title = "YYWW"
pattern = '(?P<year>[0-9]{2})(?P<week>[0-9]{2})'
fields = { year = "year", week = "week" }
calendar = "iso-week"
year_digits = 2
tolerance_days = 7
status = "documented"
specificity = "low"
[[rule.source]]
url = "https://example.org"
retrieved = "2026-01"
[[rule.example]]
token = "2023"
known_by = 2022-01-01
ranges = [["2020-06-01", "2020-06-08"]]
constructed = true
"""


def write(folder: Path, text: str = RULE, name: str = "acme") -> Path:
    """Write one maker and one file of rules."""
    (folder / "makers.csv").write_text(MAKERS, encoding="utf-8")
    (folder / "date_codes").mkdir(exist_ok=True)
    (folder / "date_codes" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_one_rule_and_two_rules_are_read(tmp_path: Path) -> None:
    """Rules come in the order of the file, with what is not written left at its default."""
    (rule,) = load_date_code_rules(folder=write(tmp_path))
    assert (rule.id, rule.standalone, rule.readable, rule.ambiguity, rule.part_families) == (
        "acme-yyww",
        True,
        True,
        None,
        (),
    )
    two = RULE + RULE.replace("acme-yyww", "acme-other")
    assert [r.id for r in load_date_code_rules(folder=write(tmp_path, two))] == ["acme-yyww", "acme-other"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "YYWW"\n', "", "title is missing"),
        ('title = "YYWW"', 'title = "YYWW"\ncolour = "red"', "unknown key colour"),
        ('maker = "acme"', 'maker = "acmee"', "'acmee' is not in makers.csv"),
        ('maker = "acme"', 'maker = "acme"\nbrand_lines = ["zeta"]', "'zeta' is not in makers.csv"),
        ('maker = "acme"\n', "", "one maker or one standard"),
        ('maker = "acme"', 'maker = "acme"\nstandard = "IEC 1"', "one maker or one standard"),
        ("(?P<year>[0-9]{2})", "(?P<year>[0-9]{2}", "no pattern"),
        ("(?P<year>[0-9]{2})", "(?P<jahr>[0-9]{2})", "differ in jahr, year"),
        ('year = "year", ', 'year = "year", lot = "lot", ', "differ in lot"),
        ('calendar = "iso-week"', 'calendar = "lunar"', "'lunar' is not known"),
        ('calendar = "iso-week"', 'calendar = "month"', "needs the groups month, year"),
        ("year_digits = 2", "year_digits = 3", "year_digits = 3"),
        ("year_digits = 2", "year_digits = 2\nyears = { A = 2010 }", "year_digits = 2"),
        ("year_digits = 2", "year_digits = 4\nyears = { A = 10 }", "years: A = 10"),
        ("year_digits = 2\n", "", "year_digits = None"),
        ("tolerance_days = 7", 'tolerance_days = "7"', "no whole number"),
        ("tolerance_days = 7", "tolerance_days = -1", "no whole number"),
        ('status = "documented"', 'status = "sure"', "'sure' is not known"),
        ('specificity = "low"\n', "", "specificity is missing"),
        ('specificity = "low"', 'specificity = "low"\nstandalone = "yes"', "neither true nor false"),
        ('specificity = "low"', 'specificity = "low"\nrequire_neighbour = true', "no neighbour is described"),
        ('specificity = "low"', 'specificity = "low"\nbuckets = { "06" = [6, 11] }', "buckets and calendar"),
        ('specificity = "low"', 'specificity = "low"\nbuckets = { "06" = [6, 54] }', "buckets: 06"),
        ('specificity = "low"', 'specificity = "low"\nmonths = "11"', "months = '11'"),
        ('specificity = "low"', 'specificity = "low"\nafter = "("', "no pattern"),
        ('specificity = "low"', 'specificity = "low"\nreadable = false', "do not go together"),
        (
            'specificity = "low"',
            'readable = false\nunreadable_because = "bars"',
            "says how to read it",
        ),
        ('url = "https://example.org"', 'url = "ftp://example.org"', "no web address"),
        ('[[rule.source]]\nurl = "https://example.org"\nretrieved = "2026-01"\n', "", "names no source"),
        ("known_by = 2022-01-01", 'known_by = "2022-13-01"', "is no day"),
        ('["2020-06-01", "2020-06-08"]', '["2020-06-08", "2020-06-01"]', "ranges:"),
        ('["2020-06-01", "2020-06-08"]', '["2020-06-01"]', "no pair"),
        ('ranges = [["2020-06-01", "2020-06-08"]]\n', "", "ranges is missing"),
        ("constructed = true\n", "", "seen somewhere or made by us"),
        ('id = "acme-yyww"', 'id = "Acme YYWW"', "id 'Acme YYWW'"),
        ("[[rule]]", "colour = 3\n[[rule]]", "unknown key colour"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_next_step(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The error names what is wrong, the file and the entry, and what to do."""
    assert old in RULE
    with pytest.raises(InputError) as caught:
        load_date_code_rules(folder=write(tmp_path, RULE.replace(old, new)))
    assert said in caught.value.what
    assert "acme.toml" in (caught.value.where or "")
    assert caught.value.next


def test_an_id_may_stand_only_once(tmp_path: Path) -> None:
    """Twice in one file is refused."""
    with pytest.raises(InputError, match="stands twice"):
        load_date_code_rules(folder=write(tmp_path, RULE + RULE))


def test_a_rule_stands_in_the_file_of_its_maker(tmp_path: Path) -> None:
    """A rule of acme in beta.toml is refused."""
    with pytest.raises(InputError, match=r"acme\.toml"):
        load_date_code_rules(folder=write(tmp_path, RULE, "beta"))


def test_a_rule_without_an_example_is_refused(tmp_path: Path) -> None:
    """What cannot be tried is not used."""
    with pytest.raises(InputError, match="no example"):
        load_date_code_rules(folder=write(tmp_path, RULE[: RULE.index("[[rule.example]]")]))


def test_a_file_without_rules_is_refused(tmp_path: Path) -> None:
    """An empty file is a mistake, not an empty set of rules."""
    with pytest.raises(InputError, match="holds no rule"):
        load_date_code_rules(folder=write(tmp_path, ""))


def test_packaged_files_are_read_once() -> None:
    """The second call gives the same objects."""
    assert load_date_code_rules() is load_date_code_rules()
    assert load_makers() is load_makers()
    assert load_kinds() is load_kinds()


def test_the_digest_sees_every_byte_and_every_name(tmp_path: Path) -> None:
    """Unchanged: the same. A byte, a name, a byte moved to the next file: another. Code and papers do not count."""
    packaged = Path(str(files("taggant.reference")))
    copy = tmp_path / "reference"
    shutil.copytree(packaged, copy, ignore=shutil.ignore_patterns("__pycache__", "*.py", "*.md"))
    assert digest(folder=copy) == digest()
    (copy / "README.md").write_text("words", encoding="utf-8")
    assert digest(folder=copy) == digest()
    makers = copy / "makers.csv"
    makers.write_bytes(makers.read_bytes() + b" ")
    changed = digest(folder=copy)
    assert changed != digest()
    makers.rename(copy / "maker.csv")
    assert digest(folder=copy) not in {changed, digest()}
    (tmp_path / "empty").mkdir()
    assert len(digest(folder=tmp_path / "empty")) == 64
