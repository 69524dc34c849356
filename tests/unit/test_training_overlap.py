"""Span F1: how far a trainee's evidence is the key's, word by word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.training.overlap import overlap
from reviewer.training.work import Span

TEXT = "one two three four five six seven eight nine ten"
TEXTS = {"a": TEXT, "b": "eins zwei drei"}

spans = st.builds(
    lambda start, length: Span("a", start, min(len(TEXT), start + length)),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 20),
)


def of(words: str, artifact: str = "a") -> Span:
    start = TEXTS[artifact].index(words)
    return Span(artifact, start, start + len(words))


def test_f1_is_the_harmonic_mean_by_hand() -> None:
    """Own has 4 words, the key 3, two in common: P = 2/4, R = 2/3, F1 = 2·2/(4 + 3)."""
    found = overlap(TEXTS, [of("two three four five")], [of("four five six")])
    assert (found.precision, found.recall) == (0.5, pytest.approx(2 / 3))
    assert found.f1 == pytest.approx(4 / 7)


def test_a_passage_counts_as_found_when_half_of_its_words_are_tagged() -> None:
    key = [of("one two"), of("four five six"), of("zwei drei", "b")]
    found = overlap(TEXTS, [of("two"), of("four"), of("zwei drei", "b")], key)
    assert (found.found, found.passages) == (2, 3)


def test_a_ragged_selection_counts_its_words_whole() -> None:
    assert overlap(TEXTS, [Span("a", 5, 11)], [of("two three")]).f1 == 1.0


def test_the_same_words_elsewhere_in_the_work_are_not_the_same() -> None:
    texts = {"a": "again again"}
    assert overlap(texts, [Span("a", 0, 5)], [Span("a", 6, 11)]).f1 == 0.0


def test_without_a_passage_in_the_key_there_is_no_f1() -> None:
    found = overlap(TEXTS, [of("one")], [])
    assert (found.f1, found.recall, found.passages) == (None, None, 0)


def test_without_a_tag_nothing_is_found_and_precision_is_undefined() -> None:
    found = overlap(TEXTS, [], [of("one")])
    assert (found.precision, found.f1, found.found) == (None, 0.0, 0)


@settings(deadline=None)
@given(st.lists(spans, max_size=5), st.lists(spans, min_size=1, max_size=5))
def test_f1_lies_between_none_and_all_and_does_not_care_who_is_who(
    own: list[Span], key: list[Span]
) -> None:
    found, other = overlap(TEXTS, own, key), overlap(TEXTS, key, own)
    if found.f1 is not None and other.f1 is not None:
        assert 0.0 <= found.f1 <= 1.0
        assert found.f1 == pytest.approx(other.f1)


@settings(deadline=None)
@given(st.lists(spans, min_size=1, max_size=5))
def test_tagging_what_the_key_has_is_complete_however_it_was_cut(key: list[Span]) -> None:
    cut = [
        piece
        for one in key
        for middle in [(one.start + one.end) // 2]
        for piece in (Span("a", one.start, middle), Span("a", middle, one.end))
        if piece.start < piece.end
    ]
    found = overlap(TEXTS, cut, key)
    assert found.f1 in (None, 1.0)  # none where the key has white space alone
    assert found.found == found.passages
