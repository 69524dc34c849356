"""``reviewer transcribe`` as a person runs it: the forms of a transcript, and every refusal."""

import json
import os
import re
import subprocess
import sys
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from reviewer.demo import FIRST
from reviewer.intake.captions import read_captions
from reviewer.settings import CHECKOUT, load_settings

pytestmark = pytest.mark.slow

CAPTIONS = """WEBVTT

00:00.500 --> 00:02.000
<v Ms Moss>Open your books.

00:02.500 --> 00:04.000
<v Lee>Which page?
"""


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What was said on stderr, on one row."""
        return " ".join(self.err.split())


def run(home: Path, *arguments: object, **more: str) -> Ran:
    ran = subprocess.run(
        [sys.executable, "-m", "reviewer", "transcribe", *map(str, arguments)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(CHECKOUT), *filter(None, sys.path)]),
            "REVIEWER_HOME": str(home),
            "REVIEWER_OFFLINE": "1",
            "REVIEWER_THREADS": "2",
            "COLUMNS": "120",
            **more,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def assert_refused(ran: Ran, *parts: str) -> None:
    assert ran.status == 1
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert re.fullmatch(r"\S.*\.", ran.sentence)
    assert len(ran.err.strip().splitlines()) <= 6
    for part in parts:
        assert part in ran.sentence


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    """A recording in which nobody speaks."""
    path = tmp_path / "lesson.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 5 * 16_000))
    return path


@pytest.fixture
def silent_film(tmp_path: Path) -> Path:
    """A film without a sound track."""
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        stream.time_base = Fraction(1, 5)
        for index in range(10):
            picture = np.full((90, 160, 3), 40 + index, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that several tests share, so that one recording is recognized once."""
    return tmp_path_factory.mktemp("kept")


def speech(eval_data: Path) -> Path:
    return eval_data / "audio" / "jfk.flac"


def test_no_library_leaves_the_mark_of_one_that_reports_what_is_done(tmp_path: Path) -> None:
    """onnxruntime's events keep an id of the machine under the user's cache, if they are on."""
    own = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    weights = str(load_settings().models_dir)
    recording = FIRST / "meeting-monday.mp4"
    ran = run(tmp_path, recording, "--model", "tiny.en", REVIEWER_MODELS_DIR=weights, **own)
    assert ran.status == 0
    assert not [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name.lower()]


def test_txt_holds_the_words_alone(eval_data: Path, kept: Path, tmp_path: Path) -> None:
    target = tmp_path / "speech.txt"
    ran = run(kept, speech(eval_data), "--model", "tiny.en", "--out", target)
    assert (ran.status, ran.out) == (0, "")
    written = target.read_text(encoding="utf-8")
    assert "ask not what your country can do for you" in " ".join(written.lower().split())
    assert not re.search(r"-->|S1|\d", written)
    assert "language en" in ran.sentence


@pytest.mark.parametrize("suffix", ["vtt", "srt"])
def test_captions_that_are_written_can_be_read(
    suffix: str, eval_data: Path, kept: Path, tmp_path: Path
) -> None:
    target = tmp_path / f"speech.{suffix}"
    assert run(kept, speech(eval_data), "--model", "tiny.en", "--out", target).status == 0
    transcript = read_captions(target.read_bytes(), target.name, 11.0)
    assert "what you can do for your country" in " ".join(transcript.text.lower().split())
    assert all(line.start_s < line.end_s <= 11.0 for line in transcript.lines)


def test_json_holds_lines_and_words_as_spans_of_the_text(
    eval_data: Path, kept: Path, tmp_path: Path
) -> None:
    target = tmp_path / "speech.json"
    assert run(kept, speech(eval_data), "--model", "tiny.en", "--out", target).status == 0
    whole = json.loads(target.read_text(encoding="utf-8"))
    assert whole["hearing"]["source"] == "recognition"
    assert whole["lines"]
    assert len(whole["words"]) > 15
    for span in (*whole["lines"], *whole["words"]):
        assert whole["text"][span["start"] : span["end"]] == span["text"]


def test_without_out_the_lines_are_printed_with_times(eval_data: Path, kept: Path) -> None:
    ran = run(kept, speech(eval_data), "--model", "tiny.en")
    assert ran.status == 0
    assert re.match(r"0:00 ", ran.out)
    assert "fellow Americans" in ran.out


def test_captions_are_used_instead_of_recognition(
    home: Path, silence: Path, tmp_path: Path
) -> None:
    given, target = tmp_path / "lesson.vtt", tmp_path / "words.txt"
    given.write_text(CAPTIONS, encoding="utf-8")
    empty = tmp_path / "no models"
    ran = run(home, silence, "--captions", given, "--out", target, REVIEWER_MODELS_DIR=str(empty))
    assert (ran.status, ran.sentence) == (0, "2 lines from captions.")
    assert target.read_text(encoding="utf-8") == "Open your books.\nWhich page?\n"


def test_a_recording_in_which_nobody_speaks_is_no_error(
    home: Path, silence: Path, tmp_path: Path
) -> None:
    target = tmp_path / "words.txt"
    ran = run(home, silence, "--model", "tiny.en", "--out", target)
    assert (ran.status, ran.sentence) == (0, "No speech was found in 5 seconds.")
    assert target.read_text(encoding="utf-8") == ""


def test_an_unknown_form_is_refused_with_the_forms_that_there_are(
    home: Path, silence: Path, tmp_path: Path
) -> None:
    target = tmp_path / "words.docx"
    ran = run(home, silence, "--out", target)
    assert_refused(ran, "words.docx", ".vtt, .srt, .json, .txt")
    assert not target.exists()


def test_a_missing_recording_is_named(home: Path, tmp_path: Path) -> None:
    assert_refused(run(home, tmp_path / "gone.mp4"), "gone.mp4")


def test_a_folder_is_no_recording(home: Path, tmp_path: Path) -> None:
    assert_refused(run(home, tmp_path))


def test_missing_captions_are_named(home: Path, silence: Path, tmp_path: Path) -> None:
    assert_refused(run(home, silence, "--captions", tmp_path / "gone.vtt"), "gone.vtt")


def test_an_unknown_model_is_refused_with_the_ids_that_there_are(home: Path, silence: Path) -> None:
    ran = run(home, silence, "--model", "enormous")
    assert_refused(ran, "enormous", "base", "tiny.en", "reviewer models list")


def test_a_model_that_does_not_recognize_speech_is_refused(home: Path, silence: Path) -> None:
    ran = run(home, silence, "--model", "all-MiniLM-L6-v2")
    assert_refused(ran, "all-MiniLM-L6-v2", "does not recognize speech", "reviewer models list")


def test_a_document_is_no_recording(home: Path, tmp_path: Path) -> None:
    document = tmp_path / "plan.txt"
    document.write_text("Lesson plan: fractions.\n", encoding="utf-8")
    assert_refused(run(home, document), "plan.txt")


def test_a_film_without_sound_is_refused(home: Path, silent_film: Path) -> None:
    assert_refused(run(home, silent_film), "film.mp4", "no sound track")


def test_absent_weights_name_the_command_that_pulls_them(
    home: Path, silence: Path, tmp_path: Path
) -> None:
    ran = run(home, silence, REVIEWER_MODELS_DIR=str(tmp_path / "empty"))
    assert_refused(ran, "reviewer models pull base")
