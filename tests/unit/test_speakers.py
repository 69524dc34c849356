"""Speaker turns: voices are told apart, named S1, S2 ..., and lines are cut where they change."""

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reviewer.intake.artifact import Doubt
from reviewer.intake.speech.speakers import (
    Turn,
    attribute,
    find_turns,
    hear_voices,
    load_speaker_model,
)
from reviewer.intake.speech.turns import SAMPLE, STEP_S, HeardSpan, centroids
from reviewer.intake.transcript import Line, Word

RATE = 16_000
PITCHES = (200.0, 400.0, 800.0, 1600.0)


def voice(number: int, n: int, seed: int = 0, spread: float = 0.3) -> NDArray[np.float32]:
    """`n` unit vectors around one of four directions that are orthogonal to each other."""
    rows = np.random.default_rng(seed).normal(0, spread / 8, (n, 64))
    rows[:, number] += 1
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def heard(start_s: float, *parts: tuple[int, float]) -> HeardSpan:
    """A span in which voices (number, seconds) follow each other, heard every 0.4 s for 1.2 s."""
    length = sum(seconds for _, seconds in parts)
    starts = np.arange(0, max(length - 1.2, 0.1), 0.4)
    ends = np.cumsum([seconds for _, seconds in parts])
    middles = np.minimum(starts + 0.6, length - 0.01)
    who = [parts[int(np.searchsorted(ends, middle, side="right"))][0] for middle in middles]
    rows = np.concatenate([voice(number, 1, seed) for seed, number in enumerate(who)])
    quiet = np.zeros(round(length / STEP_S), np.bool_)
    return HeardSpan(
        start_s, start_s + length, start_s + starts, start_s + starts + 1.2, rows, quiet
    )


class PitchModel:
    """Hears the four pitches: the power of each is one number of the embedding."""

    identity = "pitch"

    def embed(self, clips: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        rows = np.zeros((len(clips), len(PITCHES)), np.float32)
        for row, clip in zip(rows, clips, strict=True):
            time = np.arange(len(clip)) / RATE
            row[:] = [abs(np.mean(clip * np.exp(-2j * np.pi * pitch * time))) for pitch in PITCHES]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = rows / np.maximum(lengths, 1e-9)
        return unit


def tone(number: int, seconds: float) -> NDArray[np.float32]:
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.1 * np.sin(2 * np.pi * PITCHES[number] * time)).astype(np.float32)


def test_nothing_heard_gives_no_turns() -> None:
    assert find_turns([]) == ()


def test_one_speaker_is_s1_throughout() -> None:
    turns = find_turns([heard(0, (2, 20.0)), heard(25, (2, 8.0)), heard(40, (2, 1.0))])
    assert {turn.speaker for turn in turns} == {"S1"}


def test_speakers_are_numbered_by_when_they_are_first_heard() -> None:
    turns = find_turns([heard(0, (3, 6.0)), heard(8, (0, 6.0)), heard(16, (3, 6.0), (1, 6.0))])
    assert [turn.speaker for turn in turns] == ["S1", "S2", "S1", "S3"]


def test_a_change_within_a_span_is_found_to_half_a_second() -> None:
    turns = find_turns([heard(0, (0, 6.0), (1, 6.0))])
    assert [turn.speaker for turn in turns] == ["S1", "S2"]
    assert turns[0].end_s == turns[1].start_s == pytest.approx(6.0, abs=0.5)


def test_confidence_is_null_exactly_where_the_speaker_is() -> None:
    strange = heard(20, (0, 1.0))
    rows = np.full_like(strange.rows, 1 / 8)
    between = HeardSpan(20, 21, strange.starts_s, strange.ends_s, rows, strange.quiet)
    turns = find_turns([heard(0, (0, 8.0)), heard(9, (1, 8.0)), between])
    assert turns[-1].speaker is None
    assert all((turn.speaker is None) == (turn.confidence is None) for turn in turns)


def test_a_stray_embedding_is_not_a_voice() -> None:
    rows = np.concatenate([voice(0, 20), voice(1, 20), voice(2, 1)])
    assert len(centroids(rows)) == 2


def test_hours_are_clustered_by_a_sample_and_every_voice_of_weight_is_kept() -> None:
    rows = np.concatenate([voice(number, 2 * SAMPLE) for number in range(4)])
    found = centroids(rows)
    assert len(found) == 4
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


part = st.tuples(st.integers(0, 3), st.integers(3, 80).map(lambda tenths: tenths / 10))


@settings(deadline=None)
@given(st.lists(st.lists(part, min_size=1, max_size=3), max_size=6))
def test_turns_cover_each_span_once_and_are_the_same_again(
    parts: list[list[tuple[int, float]]],
) -> None:
    spans, start_s = [], 0.0
    for inside in parts:
        spans.append(heard(start_s, *inside))
        start_s = spans[-1].end_s + 1
    turns = find_turns(spans)
    assert turns == find_turns(spans)
    for span in spans:
        inside = [turn for turn in turns if span.start_s <= turn.start_s < span.end_s]
        edges = [inside[0].start_s, *(turn.end_s for turn in inside)]
        assert edges[0] == span.start_s
        assert edges[-1] == pytest.approx(span.end_s)
        assert all(one < two for one, two in pairwise(edges))
        assert all(one.end_s == two.start_s for one, two in pairwise(inside))
    names = [turn.speaker for turn in turns if turn.speaker]
    assert list(dict.fromkeys(names)) == [f"S{n + 1}" for n in range(len(set(names)))]


def test_windows_are_heard_on_the_clock_of_the_recording() -> None:
    first = np.concatenate([tone(0, 5), np.zeros(RATE, np.float32)])
    second = np.concatenate([tone(1, 4), tone(0, 4)])
    turns = find_turns(
        [
            *hear_voices(PitchModel(), first, 0.0, [(0.0, 5.0)]),
            *hear_voices(PitchModel(), second, 6.0, [(6.0, 14.0)]),
        ]
    )
    assert [turn.speaker for turn in turns] == ["S1", "S2", "S1"]
    assert [turn.start_s for turn in turns] == pytest.approx([0, 6, 10], abs=0.4)


def test_what_a_span_has_outside_its_window_is_left_out() -> None:
    spans = [(8.0, 12.0), (13.9, 20.0), (30.0, 31.0)]
    turns = find_turns(list(hear_voices(PitchModel(), tone(0, 4), 10.0, spans)))
    assert [(turn.start_s, turn.end_s) for turn in turns] == [(10.0, 12.0)]


def test_a_very_short_span_is_left_out_and_silence_breaks_nothing() -> None:
    assert not list(hear_voices(PitchModel(), tone(0, 3), 0.0, [(0.0, 0.1)]))
    silence = hear_voices(PitchModel(), np.zeros(3 * RATE, np.float32), 5.0, [(5.0, 8.0)])
    assert [turn.speaker for turn in find_turns(list(silence))] == [None]


# lines and turns


def spoken(text: str, each_s: float = 0.5) -> tuple[Word, ...]:
    """The words of a text, one after another in time, each with confidence .9."""
    found, at = [], 0
    for number, word in enumerate(text.split()):
        start = text.index(word, at)
        at = start + len(word)
        found.append(Word(start, at, number * each_s, (number + 1) * each_s, 0.9))
    return tuple(found)


TEXT = "who can tell us the rule we take turns and listen"
WORDS = spoken(TEXT)
LINE = Line(0, len(TEXT), 0.0, WORDS[-1].end_s, hearing=0.5, doubt=Doubt.REPEATED)


def test_a_line_is_cut_where_the_voice_changes() -> None:
    turns = [Turn(0, 3, "S1", 0.9), Turn(3, 6, "S2", 0.7)]
    first, second = attribute([LINE], WORDS, turns)
    assert TEXT[first.start : first.end] == "who can tell us the rule"
    assert TEXT[second.start : second.end] == "we take turns and listen"
    assert (first.speaker, first.speaker_confidence) == ("S1", 0.9)
    assert (second.speaker, second.speaker_confidence) == ("S2", 0.7)
    assert (first.end_s, second.start_s) == (3.0, 3.0)


def test_a_cut_line_is_heard_as_its_words_were_and_keeps_its_doubt() -> None:
    low = (*WORDS[:6], *(Word(w.start, w.end, w.start_s, w.end_s, 0.3) for w in WORDS[6:]))
    lines = attribute([LINE], low, [Turn(0, 3, "S1", 0.9), Turn(3, 6, "S2", 0.7)])
    assert [line.hearing for line in lines] == [0.9, 0.3]
    assert {line.doubt for line in lines} == {Doubt.REPEATED}


def test_a_line_of_one_voice_stays_as_it_was_heard() -> None:
    (line,) = attribute([LINE], WORDS, [Turn(0, 6, "S1", 0.8)])
    assert (line.start, line.end, line.hearing) == (0, len(TEXT), 0.5)
    assert (line.speaker, line.speaker_confidence) == ("S1", 0.8)


def test_one_word_is_no_line_of_its_own_unless_the_voice_is_clear() -> None:
    unclear = [Turn(0, 5, "S1", 0.9), Turn(5, 6, "S2", 0.5)]
    (line,) = attribute([LINE], WORDS, unclear)
    assert line.speaker == "S1"
    assert line.speaker_confidence == pytest.approx(0.9 * 10 / 11, abs=0.001)
    clear = [Turn(0, 5, "S1", 0.9), Turn(5, 6, "S2", 0.95)]
    assert [cut.speaker for cut in attribute([LINE], WORDS, clear)] == ["S1", "S2"]


def test_names_from_captions_are_kept() -> None:
    named = Line(0, len(TEXT), 0.0, 5.5, speaker="Ms. Brown")
    assert attribute([named], WORDS, [Turn(0, 6, "S1", 0.8)]) == (named,)


def test_a_line_without_word_times_goes_to_who_speaks_longest() -> None:
    (line,) = attribute([LINE], (), [Turn(0, 4, "S1", 0.8), Turn(4, 6, "S2", 0.8)])
    assert line.speaker == "S1"
    assert line.speaker_confidence == pytest.approx(0.8 * 4 / 5.5, abs=0.001)


def test_no_turn_near_a_line_leaves_it_without_a_speaker() -> None:
    (line,) = attribute([LINE], WORDS, [Turn(60, 70, "S1", 0.8)])
    assert (line.speaker, line.speaker_confidence) == (None, None)
    assert attribute([LINE], WORDS, []) == (line,)
    assert attribute([], (), []) == ()


words_of = st.lists(
    st.tuples(
        st.text("abé", min_size=1, max_size=4),
        st.sampled_from(["", " ", "  ", "\n"]),
        st.integers(0, 20),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
)
voices_of = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.sampled_from(["S1", "S2", "S3", None]),
        st.floats(0, 1),
        st.booleans(),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(words_of, voices_of)
def test_cutting_loses_no_word_and_cuts_none(drawn: list[Any], voices: list[Any]) -> None:
    text, clock_s = "", 0.0
    words: list[Word] = []
    lines: list[Line] = []
    began = 0
    for said, space, tenths, ends in drawn:
        start = len(text)
        text += said
        words.append(Word(start, len(text), clock_s, clock_s + tenths / 10, 0.5))
        clock_s += tenths / 10
        if ends or said is drawn[-1][0]:
            first = next(word for word in words if word.start >= began)
            lines.append(Line(first.start, len(text), first.start_s, clock_s))
            text += " "
            began = len(text)
        text += space
    turns, at_s = [], 0.0
    for tenths, speaker, confidence, pause in voices:
        at_s += 0.5 if pause else 0.0
        sure = confidence if speaker else None
        turns.append(Turn(at_s, at_s + tenths / 10, speaker, sure))
        at_s += tenths / 10
    cut = attribute(lines, words, turns)
    inside = [w for w in words if any(a.start <= w.start < a.end for a in lines)]
    assert [w for w in words if any(a.start <= w.start and w.end <= a.end for a in cut)] == inside
    for line in cut:
        assert text[line.start : line.end].strip() == text[line.start : line.end] != ""
        assert line.start_s <= line.end_s
        assert (line.speaker is None) == (line.speaker_confidence is None)
        assert 0 <= (line.speaker_confidence or 0) <= 1
    for one, two in pairwise(cut):
        assert one.end <= two.start
        assert one.start_s <= two.start_s
        assert text[one.end : two.start].strip() == "" or not any(
            a.start <= one.end and two.start <= a.end for a in lines
        )


def test_importing_the_rooms_loads_no_torch() -> None:
    code = "import sys, reviewer.intake.speech.speakers; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# real voices


@pytest.mark.slow
def test_real_voices_are_nearer_to_themselves_than_to_others(weights: Any, eval_data: Path) -> None:
    from reviewer.intake.media import decode

    model = load_speaker_model(weights["ge2e"], weights.sha256("ge2e"))
    names = ("ljspeech/LJ001-0001.flac", "librispeech_test-clean/1089-134686-0000.flac")
    halves = []
    for name in (*names, "jfk.flac"):
        sound = np.concatenate(list(decode(eval_data / "audio" / name)))
        halves += [sound[: len(sound) // 2], sound[len(sound) // 2 :]]
    rows = model.embed(halves)
    assert rows.shape == (6, 256)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    near = rows @ rows.T
    same = [near[i, i + 1] for i in (0, 2, 4)]
    different = [near[i, j] for i in range(6) for j in range(i) if i // 2 != j // 2]
    assert min(same) > 0.8 > 0.75 > max(different)
    assert model.identity.endswith(weights.sha256("ge2e"))


@pytest.mark.slow
def test_two_real_readers_in_turn_are_mostly_two_speakers(weights: Any, eval_data: Path) -> None:
    from reviewer.intake.media import decode

    one, two = (
        np.concatenate(list(decode(eval_data / "audio" / name)))
        for name in ("ljspeech/LJ001-0001.flac", "librispeech_test-clean/1089-134686-0000.flac")
    )
    sound = np.concatenate([one, two, one])
    edges = np.cumsum([0, len(one), len(two), len(one)]) / RATE
    model = load_speaker_model(weights["ge2e"], weights.sha256("ge2e"))
    spans = list(hear_voices(model, sound, 0.0, [(0.0, float(edges[-1]))]))
    turns = [turn for turn in find_turns(spans) if turn.speaker]
    seconds = dict.fromkeys([turn.speaker for turn in turns], 0.0)
    for turn in turns:
        seconds[turn.speaker] += turn.end_s - turn.start_s
    assert seconds["S1"] + seconds["S2"] > 0.9 * edges[-1]
    for middle, speaker in zip((edges[:-1] + edges[1:]) / 2, ("S1", "S2", "S1"), strict=True):
        assert [t.speaker for t in turns if t.start_s <= middle < t.end_s] == [speaker]
