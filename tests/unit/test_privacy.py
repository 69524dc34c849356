"""Masks have the length of what they cover, cover all of it, and change nothing the second time."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reviewer.errors import MaskingError
from reviewer.privacy import MARK, Masking, read_roster

MASKING = Masking(("Amara Okafor", "Zoë de Vries", "Anne-Marie O'Neil", "Will Marsh", "李文"))

letters = st.characters(categories=("Lu", "Ll"), max_codepoint=0x17F)
names = st.lists(st.text(letters, min_size=3, max_size=10), min_size=1, max_size=5)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=80) | st.text(
    "0123456789 +-().@aS./", max_size=40
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Good morning, Amara.", "Good morning, █████."),
        ("Amara Okafor's hand is up.", "█████ ██████'s hand is up."),
        ("AMARA, amara, AmArA!", "█████, █████, █████!"),
        ("Zoe and Zoë and Zoe\u0308.", "███ and ███ and ████."),
        ("Ms. de Vries asks.", "Ms. de █████ asks."),
        ("Anne\u2011Marie, Marie and Anne", "████\u2011█████, █████ and ████"),
        ("Will, will you? Marsh land.", "████, will you? █████ land."),
        ("今天李文说了一句话。", "今天██说了一句话。"),
        ("amara_okafor.doc", "█████_██████.doc"),
        ("A camaraderie of marshals.", "A camaraderie of marshals."),
    ],
)
def test_names_of_the_roster(text: str, masked: str) -> None:
    assert MASKING.mask(text) == masked


@pytest.mark.parametrize(
    "told",
    [
        "amara.o+school@mail.example.org",
        "555-0199",
        "(415) 555-0199",
        "415.555.0199",
        "+49 (30) 1234-567",
        "06 12 34 56 78",
        "078-05-1120",
        "S1234567",
        "20260417",
    ],
)
def test_what_tells_a_person_by_its_form(told: str) -> None:
    masked = Masking(()).mask(f"Ask {told} for it.")
    assert masked.startswith("Ask ")
    assert masked.endswith(" for it.")
    assert not set(masked[4:-8]) & set("0123456789@abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize(
    "text",
    [
        "In 2025/2026 we met 36 times; on 2026-01-05 from 10:30 to 11:15.",
        "We count 10 20 30 40 50 60 70 80 90.",
        "On 5.1.2026, page 12, 3.14159, 1,000,000 and 24.5 %.",
        "Write to her @ home.",
    ],
)
def test_dates_counting_and_measures_are_left(text: str) -> None:
    assert MASKING.mask(text) == text


@given(texts)
@example("1234567amara")
def test_a_mask_has_the_length_of_the_text_and_is_made_once(text: str) -> None:
    masked = MASKING.mask(text)
    assert len(masked) == len(text)
    assert MASKING.mask(masked) == masked
    assert all(new in (old, MARK) for old, new in zip(text, masked, strict=True))


@pytest.mark.parametrize("written", ["Işıl", "IŞIL", "Isil", "ISIL"])
def test_a_name_with_an_i_without_a_dot_is_met_in_capitals_too(written: str) -> None:
    assert Masking(("Işıl",)).mask(f"Ask {written}.") == f"Ask {MARK * 4}."


@pytest.mark.parametrize("name", ["أحمد", "रीता शर्मा", "זוהר", "Nguyễn"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_of_any_script_is_met_however_its_marks_are_encoded(name: str, form: str) -> None:
    written = unicodedata.normalize(form, name)
    masked = Masking((name,)).mask(f"Ask {written}.")
    assert masked == "Ask " + "".join(MARK if one != " " else one for one in written) + "."


@given(names, st.lists(texts, min_size=1, max_size=4), st.data())
def test_nothing_of_the_roster_is_left(
    roster: list[str], between: list[str], data: st.DataObject
) -> None:
    masking = Masking(tuple(roster))
    name = data.draw(st.sampled_from(roster))
    written = data.draw(st.sampled_from([name, name.upper(), unicodedata.normalize("NFD", name)]))
    text = f" {written}, ".join(["", *between])
    masked = masking.mask(text)
    assert f" {written}," not in masked
    assert len(masked) == len(text)


def test_the_roster_is_named_by_a_hash_that_does_not_depend_on_its_order() -> None:
    assert Masking(("A B", "C D")).sha256 == Masking(("C D", "A B")).sha256
    assert Masking(("A B",)).sha256 != Masking(("A C",)).sha256


class TestRoster:
    def test_one_name_a_line_with_remarks(self, tmp_path: Path) -> None:
        path = tmp_path / "roster.txt"
        path.write_text("# class 3b\nAmara  Okafor  # since May\n\nAmara Okafor\nLi Wen\n")
        assert read_roster(path).names == ("Amara Okafor", "Li Wen")

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (None, "cannot be read \\(no such file"),
            (b"\xff\xfe\x00", "it is not utf-8"),
            (b"", "holds no name"),
            (b"# nobody\nX\n\n", "holds no name"),
        ],
    )
    def test_one_that_cannot_be_used_lets_nothing_be_shown(
        self, tmp_path: Path, data: bytes | None, said: str
    ) -> None:
        path = tmp_path / "roster.txt"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(MaskingError, match=said):
            read_roster(path)
