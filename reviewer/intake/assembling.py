"""A document or a transcript, read and segmented, as the artifact that all later rooms work on.

Invariant: the artifact's text is the document's or transcript's, character for character; pure.
"""

from collections.abc import Sequence
from dataclasses import replace

from reviewer.intake.artifact import Artifact, ArtifactKind, HearingReport, Segment
from reviewer.intake.documents import Document
from reviewer.intake.segmenting import segment_document, segment_transcript
from reviewer.intake.transcript import Transcript, Word


def artifact_from_document(
    file_id: str, name: str, slot: str | None, sha256: str, document: Document
) -> Artifact:
    """The artifact of a document; `file_id` becomes its id and that of its segments."""
    return Artifact(
        id=file_id,
        name=name,
        slot=slot,
        kind=ArtifactKind.DOCUMENT,
        sha256=sha256,
        text=document.text,
        pages=document.pages,
        segments=segment_document(file_id, document.text, document.pages),
    )


def artifact_from_transcript(
    file_id: str,
    name: str,
    slot: str | None,
    kind: ArtifactKind,
    sha256: str,
    transcript: Transcript,
) -> Artifact:
    """The artifact of a recording, `kind` VIDEO or AUDIO.

    Its hearing report counts the segments made here, which are sentences, not lines.
    """
    segments = segment_transcript(file_id, transcript)
    return Artifact(
        id=file_id,
        name=name,
        slot=slot,
        kind=kind,
        sha256=sha256,
        text=transcript.text,
        segments=segments,
        duration_s=transcript.duration_s,
        hearing=_recounted(transcript, segments),
    )


def _recounted(transcript: Transcript, segments: Sequence[Segment]) -> HearingReport:
    in_doubt = [segment for segment in segments if segment.doubt is not None]
    share = transcript.hearing.share_confident
    if transcript.hearing.source == "recognition" and transcript.words:
        doubtful = _words_within(transcript.words, in_doubt)
        share = 1.0 - doubtful / len(transcript.words)
    return replace(
        transcript.hearing,
        segments=len(segments),
        segments_in_doubt=len(in_doubt),
        share_confident=share,
    )


def _words_within(words: Sequence[Word], segments: Sequence[Segment]) -> int:
    """How many words begin within one of the segments; both rise."""
    count = 0
    ahead = iter(segments)
    segment = next(ahead, None)
    for word in words:
        while segment is not None and segment.end <= word.start:
            segment = next(ahead, None)
        count += segment is not None and segment.start <= word.start
    return count
