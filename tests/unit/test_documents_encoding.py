"""Which encodings of a text file are told, which are refused, and what decoding may change."""

import contextlib
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import UnreadableEncoding
from reviewer.intake.encoding import canonical, decode, decode_only, decode_start

WESTERN = {
    "English": "The class’s “morning meeting” took 15 minutes… at the café, for £5 and ½ an hour.",
    "French": "Les élèves s’assoient en cercle. Où est-ce ? Ça commence à l’école : « déjà ».",
    "Spanish": "¿Qué aprendió el niño? ¡Está bien! Los pingüinos de mañana.",
    "German": "Die Schüler grüßen sich mit Maß – „gut“ heißt Öl.",
    "Portuguese": "Não há lições difíceis; os alunos são corações e ações.",
    "Danish": "Børnene går på skolen i år, også æbler.",
}
FOREIGN = [
    ("Привет, класс. Мы начинаем урок.", "cp1251"),
    ("Привет, класс. Мы начинаем урок.", "koi8-r"),
    ("Καλημέρα τάξη μου", "cp1253"),
    ("Dzieci witają się każdego ranka i śpiewają pieśń.", "cp1250"),
    ("Dzieci witają się każdego ranka i śpiewają pieśń.", "iso8859-2"),
    ("Öğrenciler sırayla konuşur.", "cp1254"),
    ("こんにちは、皆さん。今日の授業", "shift-jis"),
    ("你好,我们今天上课", "gbk"),
    ("안녕하세요 여러분", "euc-kr"),
    ("I don’t know “this” café.", "mac-roman"),
    ("Le café était très agréable.", "cp850"),
    ("שלום לכולם", "cp1255"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_and_unmarked_unicode_is_decoded_without_its_mark(encoding: str) -> None:
    text = "Maya said: “I’d like to share.” 👋🏽 你好\n"
    assert decode(text.encode(encoding), "plan.txt") == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_zero_bytes(encoding: str) -> None:
    assert decode("Good morning, naïve 你好!".encode(encoding), "x") == "Good morning, naïve 你好!"


@pytest.mark.parametrize("language", WESTERN)
def test_windows_1252_is_read_where_it_reads_like_a_western_language(language: str) -> None:
    text = WESTERN[language]
    assert decode(text.encode("cp1252"), "x") == text


@pytest.mark.parametrize(("text", "encoding"), FOREIGN)
def test_another_one_byte_or_east_asian_encoding_is_refused_not_guessed(
    text: str, encoding: str
) -> None:
    with pytest.raises(UnreadableEncoding, match=r"^essay\.txt is text .* save it again as UTF-8"):
        decode(text.encode(encoding), "essay.txt")


def test_a_replacement_character_that_is_in_the_file_is_content() -> None:
    assert decode("I didn�t".encode(), "x") == "I didn�t"


def test_bytes_that_windows_1252_does_not_define_are_refused() -> None:
    assert decode_only(b"caf\x81 and more") is None


def test_a_utf16_file_cut_within_a_character_is_refused() -> None:
    assert decode_only("Hello".encode("utf-16")[:-1]) is None


def test_the_beginning_of_a_file_may_end_within_a_character() -> None:
    whole = "Schöne Grüße 👋".encode()
    for cut in range(1, 5):
        assert decode_start(whole[:-cut], whole=False) is not None


def test_newlines_of_every_system_become_line_feeds() -> None:
    assert canonical("a\r\nb\rc\nd\u2028e") == "a\nb\nc\nd\u2028e"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_comes_back_from_utf8_with_newlines_and_normal_form_changed_alone(
    text: str,
) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    data = text.encode()
    if decode_only(data) == text.removeprefix("\ufeff"):  # else it could be UTF-16: rare
        assert decode(data, "x") == unicodedata.normalize("NFC", plain)


@settings(deadline=None)
@given(
    st.text(
        st.sampled_from("aé\u1ebf\u0316\u0301\u0344\u0f73\u3099\u0345か\uac00\u11a8"), max_size=90
    )
)
def test_sorting_long_runs_of_marks_first_gives_the_same_normal_form(text: str) -> None:
    assert canonical(text) == unicodedata.normalize("NFC", text)


def test_a_very_long_run_of_combining_marks_takes_no_quadratic_time() -> None:
    begun = time.perf_counter()
    canonical("a" + "\u0316\u0301" * 100_000)
    assert time.perf_counter() - begun < 10  # `unicodedata.normalize` alone takes a minute


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_the_error_for_encodings(data: bytes) -> None:
    with contextlib.suppress(UnreadableEncoding):
        decode(data, "x")
