"""Sound and pictures become an mp4 that every browser plays: H.264, AAC, one sound channel.

Invariant: no creation time and no machine's trace is written; with the same PyAV the same input
gives the same bytes (encoders run on one thread).
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import av
import numpy as np

from reviewer.demo.authoring.scene import BEATS, HEIGHT, WIDTH, draw
from reviewer.demo.authoring.script import Script
from reviewer.demo.authoring.speak import RATE, Samples, Spoken

FRAMES_PER_S = 5
SOUND_BITS_PER_S = 48_000
FRAME_SAMPLES = 1024  # what the AAC encoder takes at a time
FRAME_SOUNDS = RATE // FRAMES_PER_S // FRAME_SAMPLES + 1  # that many cover one picture


@lru_cache(maxsize=512)
def _picture(scene: str, speaker: str | None, clips: int | None, beat: int) -> av.VideoFrame:
    pixels = np.asarray(draw(scene, speaker, clips, beat))
    return av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")


def _pictures(script: Script, spoken: Spoken) -> Iterator[av.VideoFrame]:
    """One frame each 1/FRAMES_PER_S seconds, to the end of the sound."""
    clips = script.lines[0].clips
    for number in range(int(len(spoken.samples) / RATE * FRAMES_PER_S)):
        now = number / FRAMES_PER_S
        speaker = None
        for line, turn in zip(script.lines, spoken.turns, strict=True):
            if turn.start_s <= now < turn.end_s:
                speaker, clips = turn.who, line.clips
        frame = _picture(script.scene, speaker, clips, number % BEATS)
        frame.pts = number
        yield frame


def _sounds(samples: Samples) -> Iterator[av.AudioFrame]:
    whole = np.clip(samples, -1.0, 1.0).astype(np.float32)
    for start in range(0, len(whole), FRAME_SAMPLES):
        piece = np.ascontiguousarray(whole[None, start : start + FRAME_SAMPLES])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = RATE, start
        yield frame


def film(script: Script, spoken: Spoken, out: Path) -> None:
    """Write one recording to `out` (mp4, its index in front so that it plays while it loads)."""
    with av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"}) as file:
        picture = file.add_stream("libx264", rate=FRAMES_PER_S)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture.codec_context.thread_count = 1
        picture.options = {"crf": "27", "preset": "slow", "tune": "stillimage", "g": "25"}
        sound = file.add_stream("aac", rate=RATE, layout="mono")
        sound.bit_rate = SOUND_BITS_PER_S
        sounds = _sounds(spoken.samples)
        for frame in _pictures(script, spoken):
            file.mux(picture.encode(frame))
            for heard in islice(sounds, FRAME_SOUNDS):  # side by side, so that a player can stream
                file.mux(sound.encode(heard))
        file.mux(picture.encode())
        for heard in sounds:
            file.mux(sound.encode(heard))
        file.mux(sound.encode())
