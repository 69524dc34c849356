"""Texts to segments, the smallest spans that can be cited: sentences of documents and of speech.

Invariant: for every text, segments rise, do not overlap, lie within it, begin and end with a
character that is not white space, and together cover every such character. A segment of a
transcript never spans two speakers. Time is proportional to the length of the text.
"""

from bisect import bisect_right
from collections.abc import Sequence

from reviewer.intake.artifact import PageSpan, Segment
from reviewer.intake.passages import paragraphs, sentences
from reviewer.intake.speech_segments import speech_spans, spoken_segment, turns_of
from reviewer.intake.transcript import Transcript


def segment_document(artifact: str, text: str, pages: Sequence[PageSpan]) -> tuple[Segment, ...]:
    """The sentences of a document, with the number of the paragraph and of the page or slide.

    A list item, a heading and a table cell are segments of their own; a sentence of more than 80
    words is cut. `pages` rise; a sentence that goes on over a page break has its first page.
    """
    starts = [page.start for page in pages]
    segments: list[Segment] = []
    for number, paragraph in enumerate(paragraphs(text)):
        for start, end in sentences(text, paragraph):
            page = pages[max(0, bisect_right(starts, start) - 1)].number if pages else None
            segments.append(
                Segment(artifact, len(segments), start, end, paragraph=number, page=page)
            )
    return tuple(segments)


def segment_transcript(artifact: str, transcript: Transcript) -> tuple[Segment, ...]:
    """The sentences of each speaker turn, with times, speaker, hearing and doubt.

    `paragraph` numbers the turns. Speech without punctuation is cut at pauses, at the latest after
    40 words. A segment is in doubt if any line that it touches is.
    """
    segments: list[Segment] = []
    for number, turn in enumerate(turns_of(transcript)):
        for span in speech_spans(transcript.text, turn):
            segments.append(spoken_segment(artifact, len(segments), number, turn, span))
    return tuple(segments)
