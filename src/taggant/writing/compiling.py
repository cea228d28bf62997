"""Kernels run as machine code where numba is there (extra `screening`), as plain Python where it is not.

Invariant: both ways run the same lines and give the same answer; only the time differs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

try:
    import numba
except ImportError:  # the base install: the same lines, interpreted
    numba = None  # type: ignore[assignment]

IS_COMPILED = numba is not None
"""Whether kernels run as machine code here."""


def compiled(function: F) -> F:
    """Compile this kernel where that is possible; what was compiled is kept on disk."""
    return function if numba is None else cast(F, numba.njit(nogil=True, cache=True)(function))


def woven(function: F) -> F:
    """Compile this kernel into those that call it: a call with a dozen arrays costs more than a short kernel does."""
    return function if numba is None else cast(F, numba.njit(nogil=True, cache=True, inline="always")(function))
