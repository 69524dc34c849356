"""Made-up lessons whose sentences are labelled with talk moves, and recordings of such talk."""

from dataclasses import replace

import numpy as np

from eval.speech import heard
from reviewer.intake.artifact import Artifact
from reviewer.scoring.talk.fit import Lesson
from reviewer.scoring.talk.lines import Line, Role

PRESS = ("Why do you think so?", "How do you know that?", "What made you choose seven?")
PLAIN = ("Open your books now.", "Sit down, please.", "Here is the next sheet.")
REASON = ("Because four and four make eight.", "I knew since it was a half.")
CLAIM = ("It is seven.", "They are the same.")


def lesson(number: int) -> Lesson:
    """Presses are answered by reasons, plain talk by claims."""
    draw = np.random.default_rng(number)
    lines: list[Line] = []
    moves: list[str | None] = []
    for turn in range(12):
        press = bool(draw.random() < 0.5)
        said = (PRESS, REASON) if press else (PLAIN, CLAIM)
        names = ("press", "reason") if press else ("none", "claim")
        for role, texts, name in zip(Role, said, names, strict=True):
            lines.append(Line(role, 2 * turn + (role is Role.PUPIL), str(draw.choice(texts))))
            moves.append(name)
    return Lesson(f"lesson {number}", tuple(lines), tuple(moves))


LESSONS = tuple(lesson(number) for number in range(6))


def recorded(*turns: tuple[str | None, str]) -> Artifact:
    """A recording with one turn a line, by the speakers given."""
    artifact = heard("\n".join(said for _, said in turns))
    segments = tuple(
        replace(one, speaker=who) for one, (who, _) in zip(artifact.segments, turns, strict=True)
    )
    return replace(artifact, segments=segments)


def recording(number: int) -> tuple[Artifact, float]:
    """A lesson of twelve exchanges, and the share of them that press."""
    draw = np.random.default_rng(100 + number)
    share = draw.integers(0, 5) / 4
    turns: list[tuple[str | None, str]] = []
    for at in range(12):
        press = bool(draw.random() < share)
        asked, said = (PRESS, REASON) if press else (PLAIN, CLAIM)
        told = str(draw.choice(asked)).lower()
        turns.append(("S1", f"Now, table {draw.integers(90)} of group {at}, listen to me: {told}"))
        turns.append(("S2", f"{draw.choice(said)[:-1]}, number {draw.integers(90)}."))
    return recorded(*turns), float(share)
