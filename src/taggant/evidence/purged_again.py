"""A file that was purged does not come back by itself.

Invariant: nothing is taken in that a purge of this case destroyed, until a person takes that purge back.
"""

from __future__ import annotations

from collections.abc import Iterable

from taggant.errors import InputError
from taggant.ledger.ledger import Ledger


def refuse_purged(ledger: Ledger, arriving: Iterable[str]) -> None:
    """Stop an import that brings back a file this case purged.

    Raises
    ------
    InputError
        Which file, who purged it, when and why.
    """
    stones = [row.body for row in ledger.live("purge")]
    if not stones:
        return
    coming = set(arriving)
    for said in stones:
        exhibits = said.get("exhibits")
        for exhibit_id in exhibits if isinstance(exhibits, list) else ():
            if exhibit_id in coming:
                raise InputError(
                    f"the file {exhibit_id[:23]}… was purged by {said['by']} on {str(said['at'])[:10]}: {said['why']}",
                    so_what="Nothing was imported",
                    next=f"Leave it out; or take the purge back: taggant withdraw CASE purge {said['purge_id']}",
                )
