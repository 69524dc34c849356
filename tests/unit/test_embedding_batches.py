"""Batches of an encoder: each text in one, in a shape that follows from its own length."""

from hypothesis import given
from hypothesis import strategies as st

from reviewer.evidence.embed import STEP, TOKENS, batches, rows_of

lengths = st.lists(st.integers(1, 300), max_size=80)


@given(lengths)
def test_every_text_is_in_one_batch_of_its_own_width(counts: list[int]) -> None:
    made = batches(counts, TOKENS)
    assert sorted(row for _, rows in made for row in rows) == list(range(len(counts)))
    for width, rows in made:
        assert {-(-counts[row] // STEP) * STEP for row in rows} == {width}
        assert len(rows) <= rows_of(width, TOKENS)


@given(lengths)
def test_wider_batches_come_later(counts: list[int]) -> None:
    widths = [width for width, _ in batches(counts, TOKENS)]
    assert widths == sorted(widths)


def test_a_batch_has_about_the_same_number_of_tokens_whatever_its_width() -> None:
    assert [rows_of(width, 192) for width in (8, 16, 24, 32, 48, 96)] == [24, 12, 8, 6, 4, 2]


def test_a_text_longer_than_a_batch_is_one() -> None:
    assert rows_of(256, 192) == 1
    assert batches([256, 250], 192) == [(256, [0]), (256, [1])]
