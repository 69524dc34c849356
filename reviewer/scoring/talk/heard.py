"""The talk moves of a work's recordings, sentence by sentence.

Invariant: nobody is identified. In a recording with several voices the leading one is taken for the
teacher's; what is written, recordings in which no voice leads, and lines whose voice is unsure
have no moves.
"""

from collections.abc import Sequence

import numpy as np

from reviewer.evidence.locate import Sentence
from reviewer.evidence.match import Numbers
from reviewer.evidence.voices import leading_voice
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.scoring.talk.lines import Line, Role
from reviewer.scoring.talk.moves import TalkMoves


def moves_heard(moves: TalkMoves, sentences: Sequence[Sentence]) -> Numbers:
    """How probable each move is, shape (sentences, names of the moves); 0 where there is none.

    `sentences` are those of whole artifacts, in order.
    """
    made = np.zeros((len(sentences), len(moves.names)))
    artifacts: dict[str, Artifact] = {one.artifact.id: one.artifact for one in sentences}
    for name, artifact in artifacts.items():
        leader = leading_voice(artifact)
        if artifact.kind is ArtifactKind.DOCUMENT or leader is None:
            continue
        rows = [
            at
            for at, one in enumerate(sentences)
            if one.artifact.id == name and one.segment.speaker is not None
        ]
        lines = [_line(sentences[at], leader) for at in rows]
        made[rows] = moves.probabilities(lines)
    return made


def _line(sentence: Sentence, leader: str) -> Line:
    role = Role.TEACHER if sentence.segment.speaker == leader else Role.PUPIL
    return Line(role, sentence.paragraph, sentence.text)
