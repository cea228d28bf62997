"""Which person a naming names, without rank and office.

Invariant: a name is cut out of its naming.
"""

from __future__ import annotations

import re

_SMALL = frozenset(
    [
        "of",
        "for",
        "in",
        "at",
        "on",
        "and",
        "the",
        "a",
        "an",
        "from",
        "to",
        "with",
        "de",
        "del",
        "la",
        "le",
        "les",
        "des",
        "du",
        "d",
        "l",
        "von",
        "der",
        "des",
        "im",
        "und",
        "für",
        "zu",
        "van",
        "al",
        "bin",
        "ibn",
        "y",
        "i",
        "w",
        "z",
        "na",
        "do",
    ]
)
RANK = re.compile(
    r"^(?:mr|mrs|ms|dr|prof|professor|general|gen|colonel|col|major|maj|captain|capt|lieutenant|lt|brigadier|admiral|sergeant|"
    r"sir|president|minister|spokesman|spokeswoman|analyst|expert|director|engineer|official|ambassador|commissioner|"
    r"sprecher\w*|direktor\w*|experte|biegł\w+|ekspert\w*|rzeczni\w+|dyrektor\w*|эксперт\w*|директор\w*|експерт\w*|речни\w+|"
    r"general-major|полковник\w*|генерал\w*|майор\w*|капитан\w*|подполковник\w*|полковник\w*|генерал\w*|"
    r"oberst|general|major|hauptmann|le colonel|colonel|général|commandant|capitaine|lieutenant-colonel|monsieur|madame|m|mme|"  # noqa: E501
    r"coronel|general|mayor|capitán|don|doña|señor|señora|pułkownik|generał|major|kapitan|płk|gen|mjr|pan|pani)\.?$",
    re.IGNORECASE,
)
BODY = re.compile(
    r"minist|institut|agency|service|group|centre|center|command|council|union|trust|office|press|post|times|herald|ledger|courier|news|"
    r"company|works|force|army|university|bureau|commission|committee|embassy|parliament|government|house|network|watch|"
    r"институт|министерств|агентств|служб|центр|групп|совет|командован|штаб|завод|посольств|інститут|міністерств|агенц|рада|"
    r"ministerium|amt\b|behörde|gruppe|zentrum|luftwaffe|botschaft|zeitung|ministère|agence|centre|groupe|état-major|ambassade|"
    r"ministerio|agencia|centro|grupo|consejo|estado mayor|embajada|fiscalía|ministerstwo|agencja|instytut|centrum|prokuratura|"  # noqa: E501
    r"ambasada|sztab|kurier|dziennik|gazeta",
    re.IGNORECASE,
)


def person_in(name: str) -> str | None:
    """Which person does this naming name, without rank and office?

    Parameters
    ----------
    name : str

    Returns
    -------
    str or None
        None: it names a body, a document or somebody by description.

    Notes
    -----
    Assumes: two or three words with capitals at the end, after a word without one that is no preposition, are a name.
    Not for: scripts without capitals.

    Examples
    --------
    >>> person_in("army spokesman Colonel Ivan Petrov"), person_in("the Ministry of Defence"), person_in("Petrov")
    ('Ivan Petrov', None, 'Petrov')
    """
    tokens = name.split()
    tail: list[str] = []
    for word in reversed(tokens):
        if not word[:1].isupper() or RANK.match(word):
            break
        tail.insert(0, word)
    before = tokens[: len(tokens) - len(tail)]
    if len(tokens) == 1 and tail and len(tail[0]) > 2:
        return tail[0]
    if not 2 <= len(tail) <= 3 or any(len(w.strip(".")) < 2 and w != tail[0] for w in tail):
        return None
    if not before:
        return name if len(tail) <= 3 and not BODY.search(name) else None
    if before[-1].lower() in _SMALL or BODY.search(" ".join(tail)):
        return None
    return " ".join(tail)
