"""Made-up submissions, small and many: a captioned recording and a page of plans each.

Invariant: equal numbers give equal bytes. Sentences come from a vocabulary of `VOCABULARY`, so that
after a while most of them were embedded before, as in life.
"""

import random
from fractions import Fraction
from itertools import product
from pathlib import Path

import av
import numpy as np

VOCABULARY = 20_000
SEGMENTS = 20  # of each submission: half of them captions, half of them written
CUE_S = 3.0  # seconds of one caption
RATE = 16_000  # samples of a second

_WHO = (
    "A pupil", "Maya", "The class", "Our teacher", "A small group",
    "My partner", "Every child", "The shy boy", "A new pupil", "The circle",
)  # fmt: skip
_DOES = (
    "greets", "thanks", "answers", "invites", "praises", "corrects", "asks", "helps", "hears",
    "quotes", "questions", "encourages", "interrupts", "waits for", "sits beside", "writes to",
    "listens to", "plans with", "looks at", "agrees with",
)  # fmt: skip
_WHOM = (
    "a friend", "the speaker", "the whole circle", "one neighbour", "the visitor", "the next one",
    "somebody quiet", "the youngest", "two others", "the helper of the day",
)  # fmt: skip
_WHEN = (
    "at the start", "before lunch", "after the song", "during the share", "on Monday", "again",
    "by name", "with a smile", "in one sentence", "without being asked",
)  # fmt: skip
_SENTENCES = tuple(" ".join(words) + "." for words in product(_WHO, _DOES, _WHOM, _WHEN))


def write_recording(path: Path) -> None:
    """A silent film just long enough for the captions; a second a frame."""
    seconds = int(CUE_S * SEGMENTS / 2) + 1
    with av.open(str(path), "w", format="mp4") as container:
        film = container.add_stream("libx264", rate=1)
        film.width = film.height = 64
        film.pix_fmt, film.time_base = "yuv420p", Fraction(1, 1)
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        for second in range(seconds):
            picture = np.full((64, 64, 3), 40 + second, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = second
            container.mux(film.encode(frame))
            silence = np.zeros((1, RATE), dtype=np.float32)
            heard = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            heard.sample_rate, heard.pts = RATE, second * RATE
            container.mux(sound.encode(heard))
        container.mux(film.encode())
        container.mux(sound.encode())


def write_work(folder: Path, number: int, recording: Path) -> None:
    """Write submission `number` into a new folder; `recording` is linked, not copied."""
    folder.mkdir(parents=True)
    chooser = random.Random(number)  # noqa: S311 - equal works for equal numbers
    drawn = chooser.choices(_SENTENCES, k=SEGMENTS)
    spoken, written = drawn[: SEGMENTS // 2], drawn[SEGMENTS // 2 :]
    (folder / "meeting.mp4").hardlink_to(recording)
    (folder / "meeting.vtt").write_text(_captions(spoken), encoding="utf-8")
    (folder / "plans.txt").write_text("\n\n".join(written) + "\n", encoding="utf-8")
    (folder / "submission.yaml").write_text(
        f"candidate: N-{number}\nconsent: true\n", encoding="utf-8"
    )


def _captions(spoken: list[str]) -> str:
    cues = (
        f"{_clock(index * CUE_S)} --> {_clock((index + 1) * CUE_S)}\n{words}\n"
        for index, words in enumerate(spoken)
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{seconds % 60:06.3f}"
