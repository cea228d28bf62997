"""What is sealed is opened by its custodians and by nobody else, and its words are nowhere in the case."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
import zipfile
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from taggant.cli import app
from taggant.errors import BadTables, EvidenceBroken, InputError
from taggant.evidence.casefile import read_case_toml
from taggant.evidence.intake import import_case, import_files
from taggant.evidence.sealing import (
    OpeningKey,
    SealKey,
    is_sealed,
    seal_bytes,
    seal_text,
    unseal_bytes,
    unseal_text,
)
from taggant.evidence.sealing_cells import is_to_be_sealed
from taggant.ledger.ledger import Ledger
from taggant.report.visible import visible

NAME = "Olha Kovalenko-Sirko"
ONE, TWO, OTHER = OpeningKey(bytes(range(32))), OpeningKey(bytes(range(1, 33))), OpeningKey(bytes(range(2, 34)))


@pytest.mark.parametrize("text", ["", "x", NAME, "Ы" * 5_000, "a\x80b\x00", "\n"])
def test_each_custodian_opens_what_was_sealed(text: str) -> None:
    """Empty, short, long, other scripts, the padding's own sign; one key or two."""
    token = seal_text(text, [ONE.public, TWO.public])
    assert is_sealed(token)
    assert unseal_text(token, ONE) == unseal_text(token, TWO) == text
    assert unseal_text(seal_text(text, [ONE.public]), ONE) == text


def test_another_key_is_told_so_and_whose_it_is() -> None:
    """The error names the keys it was sealed to, and the one that was tried."""
    token = seal_text(NAME, [ONE.public, TWO.public])
    with pytest.raises(InputError, match=f"{ONE.public.name}, {TWO.public.name}, not to {OTHER.public.name}") as said:
        unseal_text(token, OTHER)
    assert NAME not in str(said.value)


def test_every_altered_byte_is_found() -> None:
    """One bit flipped anywhere: refused, never another text."""
    sealed = seal_bytes(NAME.encode(), [ONE.public, TWO.public])
    for at in range(len(sealed)):
        spoilt = bytearray(sealed)
        spoilt[at] ^= 1
        with pytest.raises((EvidenceBroken, InputError)):
            unseal_bytes(bytes(spoilt), ONE)
    for length in range(len(sealed)):
        with pytest.raises((EvidenceBroken, InputError)):
            unseal_bytes(sealed[:length], ONE)


def test_two_sealings_differ_and_names_of_any_length_look_alike() -> None:
    """Nobody can tell that two rows name one witness, or how long the name is."""
    tokens = {seal_text(name, [ONE.public]) for name in (NAME, NAME, "A", "A" * 200)}
    assert len(tokens) == 4
    assert len({len(token) for token in tokens}) == 1


def test_it_is_the_published_construction() -> None:
    """Opened by hand with the primitives of RFC 7748, 5869 and 8439: nothing of ours is in between."""
    sealed = seal_bytes(b"by hand", [ONE.public])
    assert sealed[:9] == b"TAGSEAL1\x01"
    fresh, name, wrapped, content = sealed[9:41], sealed[41:49], sealed[49:97], sealed[97:]
    assert name == hashlib.sha256(ONE.public.raw).digest()[:8]
    private = X25519PrivateKey.from_private_bytes(ONE.raw)
    shared = private.exchange(X25519PublicKey.from_public_bytes(fresh))
    key = HKDF(algorithm=SHA256(), length=32, salt=fresh + ONE.public.raw, info=b"taggant seal 1").derive(shared)
    inner = ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)
    assert ChaCha20Poly1305(inner).decrypt(bytes(12), content, sealed[:97]) == b"by hand"


def test_keys_in_files(tmp_path: Path) -> None:
    """The private half: its owner's alone, never written over; the public half, or another file, opens nothing."""
    file = tmp_path / "key"
    ONE.write(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert OpeningKey.read(file) == ONE
    assert SealKey.read(ONE.public.line) == ONE.public
    with pytest.raises(InputError, match="there already"):
        TWO.write(file)
    with pytest.raises(InputError, match="private half"):
        SealKey.read(file.read_text())
    for text in ("", "x", ONE.public.line, "taggant-seal-private-1:AAAA"):
        (tmp_path / "bad").write_text(text)
        with pytest.raises(InputError):
            OpeningKey.read(tmp_path / "bad")
    for text in ("", "taggant-seal-public-1:", "taggant-seal-public-1:" + base64.urlsafe_b64encode(b"x" * 31).decode()):
        with pytest.raises(InputError):
            SealKey.read(text)
    with pytest.raises(InputError, match="no keys"):
        seal_text(NAME, [])


def _case(tmp_path: Path, *keys: OpeningKey) -> Path:
    case = tmp_path / "case"
    case.mkdir()
    lines = ", ".join(f'"{key.public.line}"' for key in keys)
    text = 'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "K"\ntlp = "CLEAR"\n'
    (case / "case.toml").write_text(f"{text}seal_to = [{lines}]\n")
    (case / "sources.csv").write_text(f"source_id,title,publisher\r\ns1,A report,seal: {NAME}\r\ns2,seals: none,\r\n")
    return case


def _found(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.is_file() and NAME.encode() in p.read_bytes()]


def test_cells_are_sealed_on_entry_and_the_words_are_nowhere(tmp_path: Path) -> None:
    """The typed file, its exhibit, the record, the log: the field laptop writes it and cannot read it back."""
    case = _case(tmp_path, ONE, TWO)
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author="ada")
        row = ledger.get("source", "s1")
        assert row is not None
        token = str(row.body["publisher"])
        assert is_sealed(token)
        assert unseal_text(token, TWO) == NAME
        assert _found(case) == []
        other = ledger.get("source", "s2")
        assert other is not None
        assert other.body["title"] == "seals: none"
        # Nothing has changed for the next import: what is sealed is not sealed again.
        assert import_case(ledger, case, author="ada").commit is None
        assert visible(f"by {token}, they say") == "by (sealed), they say"


def test_cells_of_a_workbook_are_sealed_too(tmp_path: Path) -> None:
    """XLSX: the other cells stay."""
    case = _case(tmp_path, ONE)
    (case / "sources.csv").unlink()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "sources"
    for cells in (("source_id", "title", "publisher"), ("s1", "A report", f"seal:{NAME}")):
        sheet.append(cells)
    book.save(case / "typed.xlsx")
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author="ada")
        row = ledger.get("source", "s1")
    assert row is not None
    assert unseal_text(str(row.body["publisher"]), ONE) == NAME
    rows = list(openpyxl.load_workbook(case / "typed.xlsx")["sources"].values)
    assert rows[1][:2] == ("s1", "A report")
    assert NAME not in str(rows)


def _torn_workbook(at: Path) -> None:
    """A workbook whose words can be found in it, and that no program opens."""
    with zipfile.ZipFile(at, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", f"<sst><si><t>seal: {NAME}</t></si></sst>")


@pytest.mark.parametrize("kind", ["utf-16", "cp1251", "quotes", "workbook"])
def test_a_file_that_holds_the_mark_and_cannot_be_read_is_not_let_through(tmp_path: Path, kind: str) -> None:
    """It was taken as holding nothing to seal: the import named its encoding, and a bundle carried its words."""
    case = _case(tmp_path, ONE)
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author="ada")
    text = f"source_id,title,publisher\ns1,Отчёт,seal: {NAME}\n"
    typed = case / ("parties.xlsx" if kind == "workbook" else "parties.csv")
    if kind == "workbook":
        _torn_workbook(typed)
    elif kind == "quotes":
        typed.write_text(text + '"never closed')
    else:
        typed.write_bytes(text.encode(kind, errors="replace"))
    with Ledger.open(case) as ledger:
        head = ledger.head()
        with pytest.raises(InputError, match="cannot be sealed") as said:
            import_case(ledger, case, author="ada")
        assert ledger.head() == head
    assert NAME not in str(said.value)
    assert is_to_be_sealed(typed)


def test_a_workbook_that_does_not_unpack_does_not_leave(tmp_path: Path) -> None:
    """Nobody can tell what is in it: a bundle leaves it out, as one whose cells are to be sealed."""
    _torn_workbook(tmp_path / "x.xlsx")
    whole = (tmp_path / "x.xlsx").read_bytes()
    (tmp_path / "x.xlsx").write_bytes(whole[: len(whole) // 2])
    assert is_to_be_sealed(tmp_path / "x.xlsx")


def test_what_cannot_be_sealed_stops_the_import_and_is_in_no_message(tmp_path: Path) -> None:
    """No custodian named; a key or a date; a file outside the case; a key that is none."""
    case = _case(tmp_path)
    with Ledger.create(case) as ledger:
        with pytest.raises(InputError, match="nobody to seal it to") as said:
            import_case(ledger, case, author="ada")
        assert NAME not in str(said.value)
        assert ledger.head() is None
        (case / "case.toml").write_text(
            (case / "case.toml").read_text().replace("seal_to = []", f'seal_to = ["{ONE.public.line}"]')
        )
        for column in ("source_id", "published"):
            text = f"source_id,title,published\ns1,t,seal: {NAME}\n"
            if column == "source_id":
                text = f"source_id,title,published\nseal: {NAME},t,\n"
            (case / "sources.csv").write_text(text)
            with pytest.raises(InputError, match=f"column {column} cannot be sealed"):
                import_case(ledger, case, author="ada")
        outside = tmp_path / "sources.csv"
        outside.write_text(f"source_id,title,publisher\ns1,t,seal: {NAME}\n")
        with pytest.raises(InputError, match="outside the case"):
            import_files(ledger, [outside], author="ada")
        assert NAME in outside.read_text()
        assert ledger.head() is None
    (case / "case.toml").write_text(re.sub("seal_to = .*", 'seal_to = ["x"]', (case / "case.toml").read_text()))
    with pytest.raises(BadTables):
        read_case_toml(case / "case.toml")


def test_a_file_is_sealed_taken_in_and_opened_by_its_custodian(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the terminal: key, seal, add, unseal; never into the case, never with another key."""
    key, other = tmp_path / "key", tmp_path / "other"
    app(args=["seal-key", str(key)], standalone_mode=False)
    OTHER.write(other)
    assert OpeningKey.read(key).public.line in capsys.readouterr().out
    case = _case(tmp_path, OpeningKey.read(key))
    letter = tmp_path / "letter.txt"
    letter.write_bytes(NAME.encode() * 100)
    app(args=["seal", str(case), str(letter)], standalone_mode=False)
    app(args=["add", str(case), "--author", "ada"], standalone_mode=False)
    assert _found(case) == []
    with Ledger.open(case) as ledger:
        name = next(r.key for r in ledger.live("exhibit") if r.body["file"] == "documents/letter.txt.sealed")
    out = tmp_path / "opened"
    opening = ["unseal", str(case), "exhibit", name, "--key"]
    for words, match in (
        ([*opening, str(other), "--out", str(out)], "was sealed to the key"),
        ([*opening, str(key)], "no place is named"),
        ([*opening, str(key), "--out", str(case / "opened")], "would lie in the case"),
        (["unseal", str(case), "source", "s2", "--key", str(key)], "nothing in this row"),
        (["unseal", str(case), "source", "none", "--key", str(key)], "no live row"),
    ):
        with pytest.raises(InputError, match=match):
            app(args=words, standalone_mode=False)
        assert not out.exists()
    app(args=[*opening, str(key), "--out", str(out)], standalone_mode=False)
    assert out.read_bytes() == letter.read_bytes()
    capsys.readouterr()
    app(args=["unseal", str(case), "source", "s1", "--key", str(key)], standalone_mode=False)
    assert capsys.readouterr().out == f"publisher: {NAME}\n"
