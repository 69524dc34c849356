"""Words to lines: offsets, times and doubts hold for any words that a model may write."""

from dataclasses import replace
from itertools import cycle, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.intake.artifact import Doubt
from reviewer.intake.speech.lines import (
    MOST_WORDS,
    SpokenWord,
    broken_at_turns,
    report,
    write_down,
)

FRAMES_A_SECOND = 16_000 / 512

timings = st.tuples(
    st.sampled_from(["", " ", "  ", " a", "b.", " Wort", "’s", " 3,5", " end.”", " 字", " é"]),
    st.integers(-50, 300),  # hundredths of a second after the word before
    st.integers(-20, 200),  # hundredths of a second long
    st.integers(0, 10),
)


@st.composite
def spoken_words(draw: st.DrawFn) -> list[SpokenWord]:
    """Words with or without the space before them, with times that may also run backwards."""
    words = []
    clock = 0.0
    for written, later, long, confidence in draw(st.lists(timings, max_size=40)):
        start = max(0.0, clock + later / 100)
        end = max(0.0, start + long / 100)
        words.append(SpokenWord(written, start, end, confidence / 10))
        clock = max(clock, end)
    return words


def voice(seconds: float, share: float = 1.0) -> np.ndarray:
    """As many frames with a voice as `seconds` have."""
    return np.full(int(seconds * FRAMES_A_SECOND) + 1, share, np.float32)


def said(
    sentence: str, start_s: float = 0.0, confidence: float = 0.9, pace_s: float = 0.4
) -> list[SpokenWord]:
    """A sentence spoken evenly."""
    return [
        SpokenWord(f" {word}", start_s + n * pace_s, start_s + (n + 1) * pace_s, confidence)
        for n, word in enumerate(sentence.split())
    ]


@settings(deadline=None)
@given(spoken_words())
def test_every_word_is_exactly_its_span_of_the_text(spoken: list[SpokenWord]) -> None:
    text, _, words = write_down(spoken, voice(200))
    written = [word.text.strip() for word in spoken if word.text.strip()]
    assert [text[word.start : word.end] for word in words] == written


@settings(deadline=None)
@given(spoken_words())
def test_the_text_is_the_words_alone(spoken: list[SpokenWord]) -> None:
    text, _, words = write_down(spoken, voice(200))
    outside = list(text)
    for word in words:
        outside[word.start : word.end] = [""] * (word.end - word.start)
    assert set("".join(outside)) <= {" "}
    assert "  " not in text
    assert text == text.strip()


@settings(deadline=None)
@given(spoken_words())
def test_every_word_lies_in_one_line_and_lines_are_parted_by_one_space(
    spoken: list[SpokenWord],
) -> None:
    text, lines, words = write_down(spoken, voice(200))
    for word in words:
        assert sum(line.start <= word.start and word.end <= line.end for line in lines) == 1
    for line, then in pairwise(lines):
        assert then.start == line.end + 1
        assert text[line.end] == " "
    if lines:
        assert (lines[0].start, lines[-1].end) == (0, len(text))


@settings(deadline=None)
@given(spoken_words())
def test_times_never_decrease(spoken: list[SpokenWord]) -> None:
    _, lines, words = write_down(spoken, voice(200))
    for timed in (words, lines):
        clock = [moment for each in timed for moment in (each.start_s, each.end_s)]
        assert clock == sorted(clock)


@settings(deadline=None)
@given(spoken_words(), st.lists(st.sampled_from(["S1", "S2", None]), min_size=1, max_size=5))
def test_a_text_broken_at_turns_has_the_same_length_and_words(
    spoken: list[SpokenWord], speakers: list[str | None]
) -> None:
    text, lines, words = write_down(spoken, voice(200))
    turned = tuple(
        replace(line, speaker=who) for line, who in zip(lines, cycle(speakers), strict=False)
    )
    broken = broken_at_turns(text, turned)
    assert len(broken) == len(text)
    assert broken.split() == text.split()
    for word in words:
        assert broken[word.start : word.end] == text[word.start : word.end]
    for line, then in pairwise(turned):
        assert (broken[then.start - 1] == "\n") is (line.speaker != then.speaker)


@settings(deadline=None)
@given(spoken_words(), st.sampled_from([0.0, 0.2, 1.0]))
def test_the_report_counts_what_the_lines_say(spoken: list[SpokenWord], share: float) -> None:
    heard = voice(200, share)
    _, lines, words = write_down(spoken, heard)
    hearing = report(lines, words, heard, "en")
    doubtful = [line for line in lines if line.doubt is not None]
    assert (hearing.segments, hearing.segments_in_doubt) == (len(lines), len(doubtful))
    if not words:
        assert hearing.share_confident is None
    else:
        sure = [w for w in words if not any(d.start <= w.start < d.end for d in doubtful)]
        assert hearing.share_confident == round(len(sure) / len(words), 4)


def test_nothing_said_is_an_empty_text_without_lines() -> None:
    assert write_down([], voice(0)) == ("", (), ())
    assert write_down([SpokenWord("  ", 0.0, 1.0, 0.9)], voice(1)) == ("", (), ())


def test_a_line_ends_at_a_full_stop_at_a_pause_and_when_it_is_long() -> None:
    spoken = [
        *said("Open your books. Who", 0.0),
        *said("has page nine", 4.0),
        *said(" ".join(f"w{n}" for n in range(MOST_WORDS + 2)), 8.0),
    ]
    text, lines, _ = write_down(spoken, voice(40))
    rows = [text[line.start : line.end] for line in lines]
    assert rows[:3] == ["Open your books.", "Who", "has page nine"]
    assert [len(row.split()) for row in rows[3:]] == [MOST_WORDS, 2]


def test_the_rest_of_a_written_word_stays_on_its_line() -> None:
    spoken = [
        SpokenWord(" one.", 0.0, 0.5, 0.9),
        SpokenWord("five", 0.5, 1.0, 0.9),
        SpokenWord(" apples", 1.0, 1.5, 0.9),
    ]
    text, lines, words = write_down(spoken, voice(2))
    assert text == "one.five apples"
    assert (len(lines), len(words)) == (1, 3)


def test_clear_speech_is_not_in_doubt() -> None:
    _, lines, _ = write_down(said("what do you notice about the two shapes"), voice(10))
    assert [line.doubt for line in lines] == [None]


def test_words_that_the_model_was_unsure_of_are_in_doubt() -> None:
    _, lines, _ = write_down(said("murmur from the back row", confidence=0.3), voice(10))
    assert [line.doubt for line in lines] == [Doubt.LOW_CONFIDENCE]
    assert lines[0].hearing == 0.3


def test_words_where_no_voice_was_heard_are_in_doubt() -> None:
    _, lines, _ = write_down(said("thanks for watching"), voice(10, share=0.0))
    assert [line.doubt for line in lines] == [Doubt.SILENCE]


def test_words_after_the_end_of_the_recording_are_in_doubt() -> None:
    _, lines, _ = write_down(said("thanks for watching", 20.0), voice(10))
    assert [line.doubt for line in lines] == [Doubt.SILENCE]


def test_the_third_equal_line_in_a_row_is_in_doubt() -> None:
    spoken = [word for n in range(4) for word in said("Sit down.", n * 2.0)]
    _, lines, _ = write_down(spoken, voice(10))
    assert [line.doubt for line in lines] == [None, None, Doubt.REPEATED, Doubt.REPEATED]


def test_a_phrase_over_and_over_within_a_line_is_in_doubt() -> None:
    _, lines, _ = write_down(said("and so on " * 4), voice(10))
    assert [line.doubt for line in lines] == [Doubt.REPEATED]


def test_a_word_said_three_times_is_emphasis() -> None:
    _, lines, _ = write_down(said("very very very good"), voice(10))
    assert [line.doubt for line in lines] == [None]


def test_the_report_of_a_recording_half_in_doubt() -> None:
    spoken = [*said("one two three."), *said("four five six.", 3.0, confidence=0.1)]
    heard = voice(10)
    _, lines, words = write_down(spoken, heard)
    hearing = report(lines, words, heard, "en")
    assert hearing.share_confident == 0.5
    assert (hearing.segments, hearing.segments_in_doubt) == (2, 1)
    assert hearing.voiced_s == round(len(heard) * 512 / 16_000, 3)
    assert (hearing.source, hearing.language) == ("recognition", "en")
