"""The demo can be made anew, and its voices are understood by the default speech model."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jiwer
import pytest

from reviewer import demo
from reviewer.settings import CHECKOUT

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

pytestmark = pytest.mark.slow
FOLDERS = {"first": demo.FIRST, "second": demo.SECOND}


@pytest.fixture(scope="module")
def base(weights) -> "WhisperModel":
    from faster_whisper import WhisperModel  # seconds, and make test-fast reads this file too

    return WhisperModel(str(weights["base"]), device="cpu", compute_type="int8", cpu_threads=2)


def heard(model: "WhisperModel", path: Path) -> str:
    segments, _ = model.transcribe(
        str(path), language="en", vad_filter=True, condition_on_previous_text=False
    )
    return " ".join(segment.text for segment in segments)


# openai-whisper's normalizer leaves its word list open for the garbage collector
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_recording_is_understood_but_for_one_word_in_ten(base: "WhisperModel") -> None:
    from whisper.normalizers import EnglishTextNormalizer

    normal = EnglishTextNormalizer()
    for submission in demo.read_key().submissions:
        for name, turns in submission.turns.items():
            said = normal(" ".join(turn.say for turn in turns))
            rate = jiwer.wer(said, normal(heard(base, FOLDERS[submission.name] / name)))
            assert rate < 0.1, f"{name}: {rate:.3f}"


def test_without_flite_one_sentence_says_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reviewer.demo.authoring"],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": ""},
        cwd=CHECKOUT,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt install flite" in done.stderr
