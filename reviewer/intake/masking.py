"""An artifact as it is shown and judged where a roster is given: names covered, places unchanged.

Invariant: the text of a masked artifact has the length of the artifact's, so every span, page and
time is right in both. What is kept of the file, and its hash, are the original's.
"""

from dataclasses import replace

from reviewer.intake.artifact import Artifact
from reviewer.privacy import Masking


def mask_artifact(artifact: Artifact, masking: Masking) -> Artifact:
    """The artifact with its text and the names of its speakers covered."""
    return replace(
        artifact,
        text=masking.mask(artifact.text),
        segments=tuple(
            replace(one, speaker=one.speaker and masking.mask(one.speaker))
            for one in artifact.segments
        ),
    )
