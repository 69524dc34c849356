"""Lines of speech as the artifact that a recording with captions becomes."""

import hashlib

from reviewer.intake.artifact import Artifact, ArtifactKind, HearingReport, Segment

SECONDS = 4.0  # of one line


def heard(text: str, name: str = "lesson.mp4", slot: str | None = None) -> Artifact:
    """One segment a line, each by another speaker than the one before."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    segments = []
    start = 0
    for at, line in enumerate(text.split("\n")):
        if line.strip():
            segments.append(
                Segment(
                    sha256[:12],
                    len(segments),
                    start,
                    start + len(line),
                    paragraph=at,
                    start_s=SECONDS * at,
                    end_s=SECONDS * (at + 1),
                    speaker=f"S{1 + at % 2}",
                )
            )
        start += len(line) + 1
    report = HearingReport("captions", "en", None, None, len(segments), 0)
    return Artifact(
        sha256[:12],
        name,
        slot,
        ArtifactKind.VIDEO,
        sha256,
        text=text,
        segments=tuple(segments),
        duration_s=SECONDS * len(segments),
        hearing=report,
    )
