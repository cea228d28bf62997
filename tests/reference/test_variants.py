"""Variants and features: declared once, each with its page; what a case uses is declared somewhere."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.reference import load_features, load_kinds, load_variants

REFERENCE = Path(str(files("taggant.reference")))
CASES = Path(str(files("taggant"))) / "cases"
FEATURE = "airframe,colour,build,white;other,jet,weak,,colour,https://example.org,2026-01,secondary,"
HEADER = "module,feature,block,levels,tells_apart,bearing,likelihoods,meaning,source_url,retrieved,status,note"
VARIANT = """
id = "jet"
title = "Jet"
kind = "uav"
meaning = "a jet"
designations = ["Jet"]
[[typical]]
module = "airframe"
feature = "colour"
level = "white"
status = "secondary"
url = "https://example.org"
[[source]]
url = "https://example.org"
retrieved = "2026-01"
"""


def write(folder: Path, *features: str, variant: str = VARIANT, name: str = "jet") -> Path:
    """Write features, one variant, and the packaged kinds."""
    shutil.copytree(REFERENCE / "kinds", folder / "kinds", dirs_exist_ok=True)
    (folder / "variants").mkdir(exist_ok=True)
    (folder / "variants" / f"{name}.toml").write_text(variant, encoding="utf-8")
    (folder / "features.csv").write_text("\n".join([HEADER, *features, ""]), encoding="utf-8")
    return folder


def test_the_variants_of_the_case_are_there() -> None:
    """Both producers of the Shahed-136, the sister product, the decoy; each with a page."""
    variants = {v.id: v for v in load_variants()}
    assert {"shahed-136-iran", "geran-2-alabuga", "garpiya-a1", "gerbera"} <= set(variants)
    assert [v.id for v in variants.values() if not v.sources] == []


@pytest.mark.parametrize(
    ("module", "feature"),
    [
        ("airframe", "name_stencil"),
        ("airframe", "serial_prefix"),
        ("airframe", "hull_material"),
        ("airframe", "colour"),
        ("airframe", "inner_labels"),
        ("airframe", "fin_mount"),
        ("servo", "servo"),
        ("navigation", "gnss_antenna"),
        ("navigation", "gnss_module"),
        ("navigation", "gyroscope"),
        ("electronics", "control_dsp"),
        ("electronics", "line_filter"),
        ("electronics", "brand_country_mix"),
        ("engine", "fuel_pump"),
        ("engine", "engine"),
        ("communication", "mesh_modem"),
        ("vision", "camera"),
        ("vision", "computing_module"),
    ],
)
def test_each_feature_of_the_notes_is_declared(module: str, feature: str) -> None:
    """Under the module it is looked for on."""
    assert (module, feature) in {(f.module, f.feature) for f in load_features()}


def test_features_that_tell_nothing_say_so() -> None:
    """The name, the control processor and the filter are the same with either producer."""
    plain = {f.feature for f in load_features() if not f.is_diagnostic}
    assert {"name_stencil", "control_dsp", "line_filter"} <= plain
    assert not {"serial_prefix", "servo", "gnss_antenna"} & plain


def test_no_likelihood_is_stated_where_no_page_states_one() -> None:
    """None of the pages at hand gives one; a number here needs a page that prints it."""
    assert [f.feature for f in load_features() if f.likelihoods] == []


def test_the_kinds_name_features_as_they_are_declared() -> None:
    """A feature said to tell producers apart is a feature one can type, and its bearing is the same in both."""
    declared = {(f.module, f.feature): f.bearing for f in load_features()}
    named = {(p.module, p.feature): p.bearing for k in load_kinds() for p in k.producer_features}
    assert {key: declared.get(key) for key in named} == named


def test_every_variant_a_feature_tells_apart_has_a_typical_level_of_some_feature() -> None:
    """Nothing is told apart that has nothing known of it."""
    known = {v.id for v in load_variants() if v.typical}
    assert {t for f in load_features() for t in f.tells_apart} <= known


def rows_of(case: Path, table: str) -> list[dict[str, str]]:
    """The rows of a shipped case's table; none when the case has no such file."""
    path = case / f"{table}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases() -> Iterator[Path]:
    """The shipped cases."""
    yield from sorted(p.parent for p in CASES.glob("*/case.toml"))


@pytest.mark.parametrize("case", list(cases()), ids=lambda p: p.name)
def test_kinds_modules_and_features_of_a_shipped_case_are_declared(case: Path) -> None:
    """A kind in kinds/, a module in its kind, a feature in features.csv here or in the case."""
    modules = {k.id: {m.id for m in k.modules} for k in load_kinds()}
    features = {(f.module, f.feature) for f in load_features()}
    features |= {(r["module"], r["feature"]) for r in rows_of(case, "features")}
    kind_of = {r["item_id"]: r["kind"] for r in rows_of(case, "items")}
    assert set(kind_of.values()) <= set(modules)
    for table in ("components", "observations", "examinations", "references"):
        unknown = {
            (kind_of[r["item_id"]], r["module"])
            for r in rows_of(case, table)
            if r["module"] and r["module"] not in modules[kind_of[r["item_id"]]]
        }
        assert unknown == set(), table
    assert {(r["module"], r["feature"]) for r in rows_of(case, "observations")} - features == set()


@pytest.mark.parametrize("case", list(cases()), ids=lambda p: p.name)
def test_observed_values_of_a_shipped_case_are_levels_of_their_feature(case: Path) -> None:
    """As the case declares the feature, else as the reference does; another value is typed as other, with a note."""
    levels = {(f.module, f.feature): set(f.levels) for f in load_features()}
    for r in rows_of(case, "features"):
        levels[r["module"], r["feature"]] = {v.strip() for v in r["levels"].split(";")}
    assert [
        (r["item_id"], r["feature"], r["value"])
        for r in rows_of(case, "observations")
        if r["value"] not in levels[r["module"], r["feature"]] | {"", "destroyed"}
    ] == []


def test_variants_named_by_the_real_case_are_declared() -> None:
    """The invented case has variants of its own."""
    assert {r["variant"] for r in rows_of(CASES / "geran", "references")} <= {v.id for v in load_variants()}


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_features_are_read(tmp_path: Path, n: int) -> None:
    """With a variant whose typical level is one of theirs; a likelihood keeps the digits that were typed."""
    stated = FEATURE.replace("weak,,", "weak,white@jet=0.90,")
    other = FEATURE.replace("colour", "shade")
    folder = write(tmp_path, *[stated, other][:n])
    features = load_features(folder=folder)
    assert len(features) == n
    assert str(features[0].likelihoods[0].value) == "0.90"
    assert [t.level for t in load_variants(folder=folder)[0].typical] == ["white"]


def test_no_feature_and_a_variant_without_typical_levels_are_read(tmp_path: Path) -> None:
    """Zero is a number of features too."""
    bare = VARIANT[: VARIANT.index("[[typical]]")] + VARIANT[VARIANT.index("[[source]]") :]
    folder = write(tmp_path, variant=bare)
    assert load_features(folder=folder) == ()
    assert load_variants(folder=folder)[0].typical == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("airframe,", "wing,", "'wing' is not known"),
        ("colour,build", "Colour,build", "'Colour' is no name"),
        ("white;other", "white;black", "the levels are white; black"),
        ("white;other", "other", "the levels are other"),
        ("white;other", "white;;other", "empty or repeated"),
        ("white;other", "white;white;other", "empty or repeated"),
        (",jet,", ",rocket,", "no variant has the id 'rocket'"),
        ("weak,,", "certain,,", "'certain' is not known"),
        ("weak,,", "weak,white@jet=1.1,", "'white@jet=1.1' is not read"),
        ("weak,,", "weak,white@jet=0.1.1,", "is not read"),
        ("weak,,", "weak,red@jet=0.5,", "is not read"),
        ("weak,,", "weak,white=0.5,", "is not read"),
        ("https://example.org", "", "source_url is missing"),
        ("2026-01", "", "retrieved is missing"),
    ],
)
def test_a_wrong_feature_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    with pytest.raises(InputError) as caught:
        load_features(folder=write(tmp_path, FEATURE.replace(old, new, 1)))
    assert said in caught.value.what
    assert "features.csv" in (caught.value.where or "")
    assert caught.value.next


def test_a_feature_of_a_module_stands_once(tmp_path: Path) -> None:
    """The same feature of another module is another feature."""
    with pytest.raises(InputError, match="stands twice"):
        load_features(folder=write(tmp_path, FEATURE, FEATURE))
    assert len(load_features(folder=write(tmp_path, FEATURE, FEATURE.replace("airframe", "engine", 1)))) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "jet"', 'id = "Jet"', "id 'Jet'"),
        ('kind = "uav"', 'kind = "ship"', "'ship' is not known"),
        ('level = "white"', 'level = "red"', "'red' is not known"),
        ('feature = "colour"', 'feature = "smell"', "airframe has no feature 'smell'"),
        ('module = "airframe"', 'module = "board"', "'board' is not known"),
        ('meaning = "a jet"', 'producer_country = "Iran"\nmeaning = "a jet"', "producer_country 'Iran'"),
        ('meaning = "a jet"', 'meaning = "a jet"\nspeed = "fast"', "unknown key speed"),
        ('[[source]]\nurl = "https://example.org"\nretrieved = "2026-01"\n', "", "names no source"),
    ],
)
def test_a_wrong_variant_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The error names what is wrong, the file, and what to do."""
    with pytest.raises(InputError) as caught:
        load_variants(folder=write(tmp_path, FEATURE, variant=VARIANT.replace(old, new, 1)))
    assert said in caught.value.what
    assert "jet.toml" in (caught.value.where or "")
    assert caught.value.next


def test_a_variant_stands_in_the_file_of_its_name_and_names_a_level_once(tmp_path: Path) -> None:
    """A file of another name, and a level that is typical twice."""
    for name in ("named", "twice"):
        (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="Rename the file"):
        load_variants(folder=write(tmp_path / "named", FEATURE.replace(",jet,", ",plane,"), name="plane"))
    block = VARIANT[VARIANT.index("[[typical]]") : VARIANT.index("[[source]]")]
    with pytest.raises(InputError, match="stands twice"):
        load_variants(folder=write(tmp_path / "twice", FEATURE, variant=VARIANT.replace(block, block + block)))
