"""What is over a bundle: a signature (Ed25519) and a time stamp (RFC 3161) of an authority the test runs itself."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from taggant.errors import InputError, TaggantError
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.checking import check_bundle
from taggant.evidence.bundling.making import make_bundle
from taggant.evidence.bundling.signing import SigningKey, check_signature, fingerprint_of, new_key
from taggant.evidence.bundling.stamping import authority, check_stamp

from .authority import Authority, serving
from .rewriting import relist


@pytest.fixture(scope="module")
def tsa() -> Authority:
    """One authority for all."""
    return Authority()


@pytest.fixture(scope="module")
def sealed(kept_case: Path, tmp_path_factory: pytest.TempPathFactory, tsa: Authority) -> Path:
    """A folder with a signed and stamped bundle, the key and the authority's root."""
    place = tmp_path_factory.mktemp("sealed")
    key = new_key(place / "key.pem")
    with serving(tsa) as address:
        make_bundle(kept_case, place / "bundle", sign=key, stamp=authority(address))
    (place / "signer.pem").write_bytes(key.public_pem)
    tsa.write_root(place / "root.pem")
    return place


@pytest.fixture
def place(sealed: Path, tmp_path: Path) -> Path:
    """A copy, to be damaged."""
    return Path(shutil.copytree(sealed, tmp_path / "sealed"))


def test_signed_and_stamped_it_says_by_whom_and_when(place: Path) -> None:
    """The fingerprint, the authority's name and its clock; with its root the stamp is believed."""
    check = check_bundle(place / "bundle", roots=place / "root.pem", signer=fingerprint_of(place / "signer.pem"))
    assert check.report.problems == ()
    assert check.signed_by == SigningKey.read(place / "key.pem").fingerprint
    assert (check.stamped_at, check.stamped_by) == ("2026-11-27T12:00:00Z", "CN=An invented authority")
    assert check.is_authority_known
    unknown = check_bundle(place / "bundle")
    assert unknown.report.is_sound
    assert not unknown.is_authority_known
    assert any("was not checked" in note for note in unknown.report.notes)


def test_openssl_says_the_same(place: Path) -> None:
    """The two commands of the integrity page, on the very files."""
    page = (place / "bundle" / layout.PAGE).read_text(encoding="utf-8")
    signature = (
        f"openssl pkeyutl -verify -pubin -inkey {layout.SIGNER} -rawin -in {layout.SEALED} -sigfile {layout.SIGNATURE}"
    )
    stamp = f"openssl ts -verify -data {layout.SEALED} -in {layout.STAMP} -CAfile ROOT-OF-THE-AUTHORITY.pem"
    for command in (signature, stamp):
        assert command in page
        words = command.replace("ROOT-OF-THE-AUTHORITY.pem", str(place / "root.pem")).split()
        subprocess.run(words, cwd=place / "bundle", check=True, capture_output=True)


def test_another_bundle_has_neither_signature_nor_stamp(place: Path) -> None:
    """The bundle is changed and every list made anew: signature and stamp are of another, and both are named."""
    (place / "bundle" / layout.CASE_FOLDER / "notes.md").write_text("what we did not think\n")
    relist(place / "bundle")
    check = check_bundle(place / "bundle")
    said = "\n".join(str(p) for p in check.report.problems)
    assert "the signature is not one of this bundle by this key" in said
    assert "it stamps other bytes than these" in said
    assert (check.signed_by, check.stamped_at) == (None, None)


def test_a_signature_by_somebody_else_is_not_the_one_asked_for(place: Path, tmp_path: Path) -> None:
    """Whoever rewrites the bundle signs it again with a key of his own: it fits, and it is another fingerprint."""
    other = new_key(tmp_path / "other.pem")
    content = (place / "bundle" / layout.SEALED).read_bytes()
    (place / "bundle" / layout.SIGNATURE).write_bytes(other.sign(content))
    (place / "bundle" / layout.SIGNER).write_bytes(other.public_pem)
    check = check_bundle(place / "bundle", signer=fingerprint_of(place / "signer.pem"))
    assert [p.kind for p in check.report.problems] == ["signature"]
    assert check_bundle(place / "bundle").signed_by == other.fingerprint


@pytest.mark.parametrize("gone", [layout.SIGNATURE, layout.SIGNER])
def test_half_a_signature_is_none(place: Path, gone: str) -> None:
    """Signature without key, key without signature."""
    (place / "bundle" / gone).unlink()
    assert [p.file for p in check_bundle(place / "bundle").report.problems] == [gone]


def test_a_bundle_that_must_be_signed_and_is_not(kept_bundle: Path) -> None:
    """Asked for a signer, an unsigned bundle is not what was asked for."""
    assert [p.what for p in check_bundle(kept_bundle, signer="ab").report.problems] == ["the bundle is not signed"]


def test_a_root_that_is_another_is_named(place: Path, tmp_path: Path) -> None:
    """The stamp fits, and its signature leads to a root nobody gave."""
    other = Authority().write_root(tmp_path / "other.pem")
    said = [p.what for p in check_bundle(place / "bundle", roots=other).report.problems]
    assert len(said) == 1
    assert "does not lead to a root" in said[0]


def test_flipped_bits_of_a_stamp_change_nothing_it_says(place: Path) -> None:
    """Whatever byte of the answer is flipped: refused, or its moment and its signature are as before."""
    content = (place / "bundle" / layout.SEALED).read_bytes()
    answer = (place / "bundle" / layout.STAMP).read_bytes()
    right = check_stamp(content, answer, place / "root.pem")
    assert right.wrong is None
    for at in range(0, len(answer), 5):
        flipped = bytearray(answer)
        flipped[at] ^= 1 << (at % 8)
        found = check_stamp(content, bytes(flipped), place / "root.pem")
        assert found.wrong is not None or found == right, at


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Authority(status=2), r"the authority refused \(status 2\): not today"),
        (Authority(nonce_shift=1), "it answers another question"),
    ],
)
def test_an_answer_that_cannot_be_used_stops_the_bundle(
    kept_case: Path, tmp_path: Path, wrong: Authority, said: str
) -> None:
    """A refusal, and the answer to another question: nothing is made."""
    stamp = authority("https://tsa.invalid/", post=lambda _address, question: wrong.answer(question))
    with pytest.raises(TaggantError, match=said):
        make_bundle(kept_case, tmp_path / "bundle", stamp=stamp)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answer", [b"", b"<html>busy</html>", b"\x30\x84\xff\xff\xff\xff", b"\x30" * 5000])
def test_what_is_no_answer_is_said(answer: bytes) -> None:
    """Empty, a web page, a length of four gigabytes, deep nesting."""
    assert str(check_stamp(b"x", answer, None).wrong).startswith("it is no answer of an authority")


def test_an_authority_that_is_away_or_no_address(kept_case: Path, tmp_path: Path) -> None:
    """Nobody listens there; a file is no authority."""
    with pytest.raises(TaggantError, match="cannot be reached"):
        make_bundle(kept_case, tmp_path / "bundle", stamp=authority("http://127.0.0.1:9/"))
    with pytest.raises(InputError, match="no address"):
        authority("file:///etc/passwd")


def test_keys(tmp_path: Path) -> None:
    """Written once, for its owner alone; RFC 8032 §7.1, test 3: its signature, byte for byte."""
    key = new_key(tmp_path / "key.pem")
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    assert SigningKey.read(tmp_path / "key.pem").fingerprint == key.fingerprint
    with pytest.raises(InputError, match="there already"):
        new_key(tmp_path / "key.pem")
    secret = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
    pkcs8 = bytes.fromhex("302e020100300506032b657004220420") + secret
    import base64

    pem = b"-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(pkcs8) + b"\n-----END PRIVATE KEY-----\n"
    (tmp_path / "rfc.pem").write_bytes(pem)
    signature = SigningKey.read(tmp_path / "rfc.pem").sign(bytes.fromhex("af82"))
    assert signature.hex() == (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    public = SigningKey.read(tmp_path / "rfc.pem").public_pem
    assert check_signature(bytes.fromhex("af82"), signature, public)[1] is None
    assert check_signature(bytes.fromhex("af83"), signature, public)[1] is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "holds no private key"), (b"\xff\xfe", "holds no private key"), (None, "cannot be read")],
)
def test_what_is_no_key_is_said(tmp_path: Path, content: bytes | None, said: str) -> None:
    """An empty file, bytes, no file."""
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(InputError, match=said):
        SigningKey.read(tmp_path / "key.pem")
