"""Names to words in machine code: parted, folded as `folding.fold` folds them, and looked up.

Invariant: letters are codes as in `word_kernels`; a word of at most 24 letters is two whole numbers of twelve letters
each, so that equal keys are equal words. What these kernels give is what `NameReader` gives.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from taggant.writing.compiling import compiled
from taggant.writing.folding import LONGEST, RULES, rules_of_letter
from taggant.writing.key_tables import HALF, KeyTable, enter_key, find_key, key_half
from taggant.writing.name_reading import MOST_WRITTEN
from taggant.writing.word_kernels import N_LETTERS

_LAST_LETTER = 26
_ZERO, _ONE, _O, _L, _C, _K = 27, 28, 15, 12, 3, 11
_VOWELS = (1, 5, 9, 15, 21)
_SOFTENS = (5, 8, 9, 25, 26)  # e h i y z: a c before one of them is not hard

CODE_OF_BYTE = np.zeros(256, np.uint8)
"""Letter code of a byte; 0 for what is neither small letter nor digit."""
for _c in range(26):
    CODE_OF_BYTE[ord("a") + _c] = 1 + _c
for _c in range(10):
    CODE_OF_BYTE[ord("0") + _c] = 27 + _c


class Rules(NamedTuple):
    """The rules of folding by first letter, longest first: letters met, letters written."""

    first: npt.NDArray[np.int64]
    texts: npt.NDArray[np.uint8]
    n_text: npt.NDArray[np.int64]
    outs: npt.NDArray[np.uint8]
    n_out: npt.NDArray[np.int64]


class Runs(NamedTuple):
    """Runs of words that become one, by the code of their first word, longest first."""

    first: npt.NDArray[np.int64]
    words: npt.NDArray[np.int32]
    n_words: npt.NDArray[np.int64]
    becomes: npt.NDArray[np.int32]


def _rules() -> Rules:
    texts = [rule for letter in range(1, _LAST_LETTER + 1) for rule in rules_of_letter(chr(96 + letter))]
    n = len(texts)
    first = np.zeros(N_LETTERS + 1, np.int64)
    for rule in texts:
        first[ord(rule[0]) - 96 + 1 :] += 1
    packed = [np.zeros((n, 8), np.uint8), np.zeros((n, 2), np.uint8)]
    lengths = [np.zeros(n, np.int64), np.zeros(n, np.int64)]
    for k, rule in enumerate(texts):
        for which, word in enumerate((rule, RULES[rule])):
            lengths[which][k] = len(word)
            packed[which][k, : len(word)] = CODE_OF_BYTE[np.frombuffer(word.encode(), np.uint8)]
    return Rules(first, packed[0], lengths[0], packed[1], lengths[1])


FOLDING = _rules()


@compiled
def _letter_at(raw: npt.NDArray[np.uint8], i: int, n: int) -> int:
    """The letter here, a 0 or 1 between letters read as o or l."""
    c = int(raw[i])
    if c != _ZERO and c != _ONE:
        return c
    before = i > 0 and 0 < raw[i - 1] <= _LAST_LETTER
    if (before and i + 1 < n and 0 < raw[i + 1] <= _LAST_LETTER) or (
        before and i == n - 1 and i > 1 and 0 < raw[i - 2] <= _LAST_LETTER
    ):
        return _O if c == _ZERO else _L
    return c


@compiled
def fold_letters(raw: npt.NDArray[np.uint8], n: int, rules: Rules, into: npt.NDArray[np.uint8]) -> int:
    """Write the folded word; give how many letters it has."""
    i, n_out, last = 0, 0, 0
    while i < n and n_out < LONGEST:
        c = _letter_at(raw, i, n)
        rule, taken = -1, 1
        for r in range(rules.first[c], rules.first[c + 1]):
            length = rules.n_text[r]
            if i + length > n:
                continue
            is_met = True
            for k in range(1, length):
                if _letter_at(raw, i + k, n) != rules.texts[r, k]:
                    is_met = False
                    break
            if is_met:
                rule, taken = r, length
                break
        if rule >= 0:
            for k in range(rules.n_out[rule]):
                letter = int(rules.outs[rule, k])
                if (letter != last or letter > _LAST_LETTER) and n_out < LONGEST:
                    into[n_out] = letter
                    n_out += 1
                    last = letter
        else:
            if c == _C:
                after = _letter_at(raw, i + 1, n) if i + 1 < n else 0
                if after not in _SOFTENS:
                    c = _K
            if c != last or c > _LAST_LETTER:
                into[n_out] = c
                n_out += 1
                last = c
        i += taken
    return n_out


@compiled
def read_words(
    first: int,
    last: int,
    raw: npt.NDArray[np.uint8],
    name_from: npt.NDArray[np.int64],
    token_from: npt.NDArray[np.int64],
    rules: Rules,
    known: KeyTable,
    codes: npt.NDArray[np.int32],
    high: npt.NDArray[np.int64],
    low: npt.NDArray[np.int64],
    n_tokens: npt.NDArray[np.int64],
) -> None:
    """Part names `first` to before `last` into words, fold them, and look them up: -1 for a word that is not known."""
    folded = np.zeros(LONGEST, np.uint8)
    for name in range(first, last):
        at, stop = name_from[name], name_from[name + 1]
        to = token_from[name]
        n = 0
        while at < stop and n < MOST_WRITTEN:
            while at < stop and raw[at] == 0:
                at += 1
            end = at
            while end < stop and raw[end] != 0:
                end += 1
            if end > at:
                length = fold_letters(raw[at:end], end - at, rules, folded)
                one, two = key_half(folded, 0, length), key_half(folded, HALF, length)
                codes[to + n] = find_key(known, one, two)
                high[to + n] = one
                low[to + n] = two
                n += 1
            at = end
        n_tokens[name] = n


@compiled
def enter_new(
    codes: npt.NDArray[np.int32],
    high: npt.NDArray[np.int64],
    low: npt.NDArray[np.int64],
    token_from: npt.NDArray[np.int64],
    n_tokens: npt.NDArray[np.int64],
    table: KeyTable,
    n_before: int,
    letters: npt.NDArray[np.uint8],
    n_letters: npt.NDArray[np.int64],
) -> int:
    """Give codes to words not known, in the order they are met; write their letters; give how many are new."""
    n_new = 0
    for name in range(n_tokens.shape[0]):
        for t in range(token_from[name], token_from[name] + n_tokens[name]):
            if codes[t] >= 0:
                continue
            code = enter_key(table, high[t], low[t], n_before + n_new)
            codes[t] = code
            if code < n_before + n_new:
                continue
            n = 0
            for half in (high[t], low[t]):
                rest = half
                for k in range(HALF - 1, -1, -1):
                    letters[n_new, n + k] = rest % N_LETTERS
                    rest //= N_LETTERS
                n += HALF
            while n > 0 and letters[n_new, n - 1] == 0:
                n -= 1
            n_letters[n_new] = n
            n_new += 1
    return n_new


@compiled
def join_runs(
    codes: npt.NDArray[np.int32],
    token_from: npt.NDArray[np.int64],
    n_tokens: npt.NDArray[np.int64],
    runs: Runs,
    most: int,
    words: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int64],
) -> int:
    """Join runs of words; write every name's codes one after another; give how many there are."""
    n_starts = runs.first.shape[0] - 1
    out = 0
    for name in range(n_tokens.shape[0]):
        at, stop = token_from[name], token_from[name] + n_tokens[name]
        n = 0
        while at < stop and n < most:
            code, taken = codes[at], 1
            if code < n_starts:
                for r in range(runs.first[code], runs.first[code + 1]):
                    length = runs.n_words[r]
                    if at + length > stop:
                        continue
                    is_met = True
                    for k in range(1, length):
                        if codes[at + k] != runs.words[r, k]:
                            is_met = False
                            break
                    if is_met:
                        code, taken = runs.becomes[r], length
                        break
            words[out] = code
            out += 1
            n += 1
            at += taken
        lengths[name] = n
    return out


@compiled
def same_rows(
    words: npt.NDArray[np.int32],
    word_from: npt.NDArray[np.int64],
    places: npt.NDArray[np.int32],
    firsts: npt.NDArray[np.int64],
    row_of_name: npt.NDArray[np.int32],
) -> int:
    """Give names of the same words one row, in the order they are met; give how many rows there are.

    `places` is filled with -1 and longer than twice the names; `firsts` gets the first name of each row; a name without
    a word gets row -1.
    """
    last = places.shape[0] - 1
    n_rows = 0
    for name in range(row_of_name.shape[0]):
        start, stop = word_from[name], word_from[name + 1]
        if start == stop:
            row_of_name[name] = -1
            continue
        mixed = 0
        for t in range(start, stop):
            mixed = ((mixed ^ (mixed >> 15)) * 40503 + words[t] + 1) % 2147483647
        place = (mixed ^ (mixed >> 11)) & last
        while True:
            row = places[place]
            if row < 0:
                places[place] = n_rows
                firsts[n_rows] = name
                row_of_name[name] = n_rows
                n_rows += 1
                break
            begins = word_from[firsts[row]]
            if word_from[firsts[row] + 1] - begins == stop - start:
                is_same = True
                for k in range(stop - start):
                    if words[begins + k] != words[start + k]:
                        is_same = False
                        break
                if is_same:
                    row_of_name[name] = row
                    break
            place = (place + 1) & last
    return n_rows


@compiled
def skeleton_letters(letters: npt.NDArray[np.uint8], n: int, into: npt.NDArray[np.uint8]) -> int:
    """Write a folded word without its vowels, as `folding.skeleton` does; give how many letters are left."""
    if n == 0:
        return 0
    into[0] = 1 if letters[0] in _VOWELS else letters[0]
    n_out = 1
    for k in range(1, n):
        c = letters[k]
        if c in _VOWELS or (c == into[n_out - 1] and c <= _LAST_LETTER):
            continue
        into[n_out] = c
        n_out += 1
    return n_out


@compiled
def short_key(bones: npt.NDArray[np.uint8], n: int) -> int:
    """What an abbreviation keeps of a word without vowels: the first two letters and the last."""
    if n == 0:
        return 0
    second = int(bones[1]) if n > 1 else int(bones[0])
    third = int(bones[n - 1]) if n > 1 else 0
    return (int(bones[0]) * N_LETTERS + second) * N_LETTERS + third


@compiled
def bones_of(
    letters: npt.NDArray[np.uint8],
    n_letters: npt.NDArray[np.int64],
    table: KeyTable,
    may_enter: bool,
    skeletons: npt.NDArray[np.int64],
    n_bones: npt.NDArray[np.int64],
    shorts: npt.NDArray[np.int64],
) -> int:
    """Number the skeletons of words (-1: not in the table, where it may not be entered); give how many are new.

    `shorts` gets the key of what an abbreviation of a long word keeps when entering (0 for a short word), of a word
    that is an abbreviation when asking (-1 for one that is not).
    """
    bones = np.zeros(LONGEST, np.uint8)
    n_new = 0
    for w in range(n_letters.shape[0]):
        n = n_letters[w]
        m = skeleton_letters(letters[w], n, bones)
        one, two = key_half(bones, 0, m), key_half(bones, HALF, m)
        n_bones[w] = m
        if may_enter:
            # The empty skeleton has number 0: no word asked for has it.
            skeletons[w] = enter_key(table, one, two, n_new + 1) if n > 0 else 0
            n_new = max(n_new, skeletons[w])
            shorts[w] = short_key(bones, m) if n >= 5 else 0
        else:
            skeletons[w] = find_key(table, one, two) if n > 0 else -1
            shorts[w] = short_key(bones, m) if m == n and n >= 3 else -1
    return n_new + 1


@compiled
def initials_of(
    words: npt.NDArray[np.int32],
    word_from: npt.NDArray[np.int64],
    heads: npt.NDArray[np.uint8],
    rules: Rules,
    least: int,
    most: int,
    table: KeyTable,
    may_enter: bool,
    n_before: int,
    out: npt.NDArray[np.int32],
) -> int:
    """The number of what each name's first letters spell, folded: without and with words like company.

    `heads[w]` are a word's two first letters, 0 for a word that has none to give. Give how many are new.
    """
    spelled = np.zeros(most + 1, np.uint8)
    folded = np.zeros(LONGEST, np.uint8)
    n_new = 0
    for name in range(out.shape[0]):
        out[name, 0] = -1
        out[name, 1] = -1
        start, stop = word_from[name], word_from[name + 1]
        n_short = 0
        if stop - start < least:
            continue
        for which in range(2):
            n = 0
            for t in range(start, stop):
                c = heads[words[t], which]
                if c != 0:
                    if n <= most:
                        spelled[n] = c
                    n += 1
            if which == 0:
                n_short = n
            elif n <= n_short:
                continue
            if n < least or n > most:
                continue
            m = fold_letters(spelled[:n], n, rules, folded)
            one, two = key_half(folded, 0, m), key_half(folded, HALF, m)
            if may_enter:
                out[name, which] = enter_key(table, one, two, n_before + n_new)
                if out[name, which] == n_before + n_new:
                    n_new += 1
            else:
                out[name, which] = find_key(table, one, two)
    return n_new
