"""What the tests of this room share: the invented case, and the crawler of the pages' own tests."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, cast

import pytest

from .invented import make_case

Crawl: TypeAlias = Callable[[Path], tuple[int, int]]


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented case, imported once."""
    return make_case(tmp_path_factory.mktemp("invented") / "case")


@pytest.fixture(scope="session")
def crawl() -> Crawl:
    """The crawler of `tests/report/pages.py`: test folders cannot import each other."""
    spec = importlib.util.spec_from_file_location("pages_of_report", Path(__file__).parents[1] / "report" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Crawl", module.crawl)
