"""The hash tree of RFC 6962 §2.1: one root stands for a set of records, and a short path proves one of them is in it.

Invariant: a record's id *is* its leaf hash (`sha256(0x00 ‖ canonical JSON)`), so the tree is built over ids, sorted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

NODE = b"\x01"
"""RFC 6962 §2.1: the prefix of an inner node, so that no node can be passed off as a leaf."""

_SIZE = 32

EMPTY = hashlib.sha256(b"").digest()
"""The root of no leaves."""


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """Which root stands for these leaf hashes?

    Parameters
    ----------
    leaves : iterable of bytes, 32 bytes each
        Leaf hashes, in order (the ledger sorts them).

    Returns
    -------
    bytes
        32 bytes; `sha256("")` for no leaves, the leaf itself for one.

    References
    ----------
    .. [1] Laurie, B., Langley, A., Kasper, E. (2013). Certificate Transparency. RFC 6962, §2.1.

    Examples
    --------
    >>> tree_root([]).hex()[:8]
    'e3b0c442'
    """
    level = list(leaves)
    if not level:
        return EMPTY
    sha256 = hashlib.sha256
    # Pairing neighbours level by level and lifting an odd last node gives the RFC's tree (split at the largest power of
    # two below n), without recursion.
    while len(level) > 1:
        # One buffer of all nodes: cutting a pair out of it is cheaper than putting two together, a million times.
        nodes = b"".join(level)
        whole = len(nodes) - len(nodes) % (2 * _SIZE)
        pairs = [sha256(NODE + nodes[at : at + 2 * _SIZE]).digest() for at in range(0, whole, 2 * _SIZE)]
        if whole < len(nodes):
            pairs.append(nodes[whole:])
        level = pairs
    return level[0]


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Which neighbours prove that leaf `index` is in the tree?

    Parameters
    ----------
    leaves : sequence of bytes, shape (n,)
        All leaf hashes, in order.
    index : int in [0, n)
        The leaf to prove.

    Returns
    -------
    list of bytes
        Neighbour hashes from the leaf up to the root (RFC 6962 §2.1.1).

    Raises
    ------
    IndexError
        There is no such leaf.

    Examples
    --------
    >>> inclusion_path([bytes(32)], 0)
    []
    """
    return path_in(tree_levels(leaves), index)


def tree_levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Which nodes has the tree, level by level from the leaves up? For many paths in one tree."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([tree_root(below[i : i + 2]) for i in range(0, len(below), 2)])
    return levels


def path_in(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """Which neighbours prove that leaf `index` is in the tree of these levels?

    Raises
    ------
    IndexError
        There is no such leaf.
    """
    if not 0 <= index < len(levels[0]):
        raise IndexError(f"leaf {index} of a tree of {len(levels[0])}")
    path: list[bytes] = []
    for level in levels[:-1]:
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        index //= 2
    return path


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does this path prove that the leaf is number `index` of the `size` leaves under this root?

    Returns
    -------
    bool
        False as well for a path too long or too short.

    Examples
    --------
    >>> is_included(EMPTY, 0, 1, [], EMPTY)
    True
    """
    if not 0 <= index < size:
        return False
    node, rest = leaf, list(path)
    while size > 1:
        if index ^ 1 < size:
            if not rest:
                return False
            neighbour = rest.pop(0)
            pair = neighbour + node if index % 2 else node + neighbour
            node = hashlib.sha256(NODE + pair).digest()
        index //= 2
        size = (size + 1) // 2
    return not rest and node == root
