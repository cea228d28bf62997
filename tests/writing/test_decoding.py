"""Bytes to letters and letters to languages: what can be told, and what honestly cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.writing.decoding import decode_text
from taggant.writing.telling_language import tell_language

RUSSIAN = "Беспилотник был сбит в ночь на вторник. Обломки нашли в поле у деревни, серийный номер на крыле сохранился."
UKRAINIAN = (
    "Безпілотник був збитий уночі. Уламки знайшли в полі біля села, серійний номер зберігся повністю, її знайшли."
)
PERSIAN = "پهپاد شاهد ۱۳۶ در نزدیکی روستا پیدا شد و شماره سریال آن روی بال باقی مانده بود. گزارش رسمی منتشر نشده است."
ARABIC = "تم العثور على طائرة بدون طيار بالقرب من القرية وكان الرقم التسلسلي مكتوبا على الجناح بشكل واضح"
GERMAN = "Die Drohne wurde abgeschossen, und Trümmer wurden auf einem Feld gefunden, größer als erwartet war die Zahl."
CHINESE = "无人机在夜间被击落，残骸在村庄附近的田野里被发现，机翼上的序列号完整保留下来，官方报告尚未公布。"


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [(RUSSIAN, "cp1251", "ru"), (RUSSIAN, "koi8-r", "ru"), (RUSSIAN, "cp866", "ru"), (RUSSIAN, "utf-16", "ru"),
     (UKRAINIAN, "cp1251", "uk"), (UKRAINIAN, "koi8-u", "uk"), (PERSIAN, "utf-8", "fa"), (PERSIAN, "utf-16-le", "fa"),
     (ARABIC, "cp1256", "ar"), (GERMAN, "cp1252", "de"), (GERMAN, "utf-8-sig", "de"), (CHINESE, "gb18030", "zh")],
    ids=lambda v: v if len(v) < 12 else v[:6],
)  # fmt: skip
def test_a_text_of_two_sentences_is_read_in_its_encoding_and_language(text: str, encoding: str, language: str) -> None:
    """Letter for letter, whatever program saved it."""
    found = decode_text(text.encode(encoding))
    assert found.text == text
    assert tell_language(found.text).language == language


def test_a_declared_encoding_is_believed_only_where_the_bytes_fit() -> None:
    """A page that says latin-1 and is UTF-8 is UTF-8; a wrong declaration is passed over."""
    assert decode_text("Ы".encode(), declared="latin-1").text == "Ы"
    assert decode_text("Ы-391".encode("koi8-r"), declared="koi8-r").text == "Ы-391"
    assert decode_text("Ы-391 найдена".encode("cp1251"), declared="no-such-thing").is_sure is False


def test_short_texts_have_no_language_and_numbers_no_script() -> None:
    """The accident prevented: a part number taken for Finnish."""
    for text in ("", "TMS320F28335", "Ы-391", "Шахед", "25Q16JVIQ 2238"):
        assert tell_language(text).language is None
    assert tell_language("").why == "only 0 letters"
    assert [tell_language(t).script for t in ("136", "شاهد", "沙赫德")] == [None, "arabic", "han"]


@given(st.binary(max_size=400))
def test_any_bytes_give_some_text(content: bytes) -> None:
    """Nothing fails, and what is no letter is counted."""
    found = decode_text(content)
    assert isinstance(found.text, str)
    assert found.n_replaced >= 0


@given(st.text(max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    """Whatever the letters, unless they begin with a byte order mark."""
    if not text.startswith(("\ufeff", "\ufffe")):
        assert decode_text(text.encode("utf-8", "surrogatepass")).text == text or "\x00" in text
