"""A commit's id stands for all it says; moments are written one way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from taggant.errors import InputError
from taggant.ledger.commits import Commit, instant

_COMMIT = Commit(parents=(), author="a", at="2026-01-02T03:04:05Z", tool="t", message="m", root="00" * 32, n=1)


def test_every_field_is_in_the_id() -> None:
    """Changing any field changes the id."""
    changed = [
        replace(_COMMIT, parents=("11" * 32,)),
        replace(_COMMIT, author="b"),
        replace(_COMMIT, at="2026-01-02T03:04:06Z"),
        replace(_COMMIT, tool="u"),
        replace(_COMMIT, message="n"),
        replace(_COMMIT, root="01" * 32),
        replace(_COMMIT, n=2),
    ]
    assert len({c.commit_id for c in [_COMMIT, *changed]}) == len(changed) + 1


def test_id_never_changes_between_versions() -> None:
    """The id of a fixed commit is pinned: old ledgers must verify with every later version."""
    assert _COMMIT.canonical() == (
        b'{"at":"2026-01-02T03:04:05Z","author":"a","message":"m","n":1,"parents":[],"root":"'
        + b"0" * 64
        + b'","tool":"t"}'
    )


def test_moments_are_utc_whole_seconds() -> None:
    """A moment with any offset becomes UTC; fractions are cut; now has the form."""
    at = datetime(2026, 1, 2, 3, 4, 5, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert instant(at) == "2026-01-02T01:04:05Z"
    assert instant(instant()) == instant(datetime.fromisoformat(instant()))
    assert datetime.fromisoformat(instant()).tzinfo == UTC


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None),
        "2026-01-02",
        "2026-13-02T03:04:05Z",
        "2026-01-02T03:04:05+00:00",
    ],
)
def test_moments_of_another_form_are_refused(at: datetime | str) -> None:
    """No zone, no time, no such month, another way to write UTC."""
    with pytest.raises(InputError):
        instant(at)
