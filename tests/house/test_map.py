"""The map of steps: no cycle, one writer a table, questions in the order of the design."""

from __future__ import annotations

import subprocess
import sys

import pytest

from taggant import steps
from taggant.errors import InputError, UnknownName
from taggant.model.derived_tables import DERIVED
from taggant.model.step import Step
from taggant.model.typed_tables import TYPED
from taggant.steps import QUESTIONS, STEPS, order, question, steps_of, writer_of


def _step(name: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> Step:
    return Step(name=name, room="r", verb="v", reads=reads, writes=writes, function="r.m:f", version="1")


def test_every_table_read_is_typed_or_written_by_exactly_one_step() -> None:
    """Nothing is read that nobody makes; nothing is made twice; all of it is declared."""
    writers = writer_of()
    for s in STEPS:
        for table in s.reads:
            assert table in TYPED or table in writers, f"{s.name} reads {table}"
        assert set(s.writes) <= set(DERIVED)


def test_ten_questions_in_the_order_of_the_design_name_steps_that_exist() -> None:
    """The questions are pages, chapters and sections; their order is fixed."""
    names = """what-is-it when-made whose-parts through-whose-hands how-many what-changed has-it-stopped who-said-what
    is-it-kept what-next"""
    assert [q.name for q in QUESTIONS] == names.split()
    for q in QUESTIONS:
        for name in q.steps:
            assert steps.step(name).name == name
    assert any(q.is_built for q in QUESTIONS)


def test_each_step_comes_after_what_it_reads() -> None:
    """Run order is computed from the tables."""
    done: set[str] = set(TYPED)
    for s in steps_of():
        assert set(s.reads) <= done, s.name
        done |= set(s.writes)


def test_two_writers_and_cycles_are_refused() -> None:
    """A broken map is named, not run."""
    with pytest.raises(InputError, match="written by two steps, a and b"):
        writer_of([_step("a", (), ("x",)), _step("b", (), ("x",))])
    with pytest.raises(InputError, match="need each other"):
        order(["a"], steps=[_step("a", ("y",), ("x",)), _step("b", ("x",), ("y",))])


def test_an_unknown_question_is_answered_with_the_ten() -> None:
    """The error names the close one and all."""
    with pytest.raises(UnknownName, match="Did you mean when-made"):
        question("when-mad")


def test_functions_are_named_and_load() -> None:
    """Each step's function exists where the map says."""
    from importlib import import_module

    for s in STEPS:
        module, _, name = s.function.partition(":")
        assert module.split(".")[0] == s.room
        assert callable(getattr(import_module(f"taggant.{module}"), name))


def test_the_map_and_the_help_load_no_room() -> None:
    """Printing the map or the help must not pay for frames, stores or charts."""
    code = """
import sys, taggant.steps, taggant.cli
heavy = {"polars", "sqlalchemy", "openpyxl", "vl_convert", "numpy", "jinja2"}
rooms = {"run", "ledger", "evidence", "identification", "estimation", "report"}
print([m for m in sys.modules if m.split(".")[0] in heavy or m.startswith("taggant.") and m.split(".")[1] in rooms])
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
