"""Where in the work an element's queries are met: ranked excerpts of whole sentences.

Invariant: excerpts never overlap; each is verbatim and lies within one paragraph or spoken turn,
but that a heading brings the sentence beneath it; no two say nearly the same; the first ones spread
over the element's indicators, and over two artifacts where a second one has something to show.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.evidence import voices
from reviewer.evidence.citation import Excerpt, Stance, excerpt
from reviewer.evidence.embed import Vectors
from reviewer.evidence.match import Numbers, Query, relevance
from reviewer.evidence.words import words
from reviewer.intake.artifact import Artifact, ArtifactKind, Segment
from reviewer.rubric import Element

VERSION = "1"  # raised when other excerpts are found in equal work
FLOOR = 0.15  # relevance below which a sentence is no evidence, and shown only for want of better
MOST_SENTENCES, MOST_WORDS = 3, 60  # in one excerpt of matched evidence
FEWEST_WORDS = 5  # of a line in a document that shows something without the next: others are
# headings, labels and cells of tables
REPEATED_WORDS = 5  # from which a sentence said again word for word is no further evidence
ALIKE = 0.93  # cosine from which two excerpts say nearly the same
FIRST = 5  # excerpts that are shown, and among which a second artifact should stand
OF_LABEL = 0.5  # what a heading's match counts: it names a thing and does not show it
AGAIN = 0.65  # what each further excerpt of one indicator, or of one paragraph, counts


@dataclass(frozen=True, slots=True)
class Sentence:
    """One segment of the work: its artifact, its position there, its text."""

    artifact: Artifact
    at: int
    text: str

    @property
    def segment(self) -> Segment:
        """The segment that it is."""
        return self.artifact.segments[self.at]

    @property
    def paragraph(self) -> int:
        """Number of its paragraph, or of the turn in which it was said."""
        return self.segment.paragraph

    @property
    def is_label(self) -> bool:
        """Whether it is a heading, a label or a cell: a line of a document with hardly a word."""
        written = self.artifact.kind is ArtifactKind.DOCUMENT
        return written and len(words(self.text)) < FEWEST_WORDS

    @property
    def in_doubt(self) -> bool:
        """Whether it may not be what was said."""
        return self.segment.doubt is not None


@dataclass(frozen=True, slots=True)
class Moment:
    """Consecutive sentences (positions in the list given) that match queries of one stance."""

    members: tuple[int, ...]
    stance: Stance
    query: str
    relevance: float


def sentences_of(artifacts: Sequence[Artifact]) -> list[Sentence]:
    """Every segment of the artifacts that could be read, in order."""
    made: list[Sentence] = []
    for artifact in artifacts:
        if artifact.problem is None:
            for at, segment in enumerate(artifact.segments):
                text = artifact.quote(segment.start, segment.end)
                made.append(Sentence(artifact, at, text))
    return made


def matches(
    sentences: Sequence[Sentence],
    vectors: Vectors,
    queries: Sequence[Query],
    vector_of: Mapping[str, Vectors],
) -> Numbers:
    """Relevance of each sentence to each query, in the light of what it is and who says it.

    Shape (sentences, queries), in [0, 1); arguments as for `relevance`. Less for headings, and for
    lines by the side of a conversation that the query does not name.
    """
    found = relevance([one.text for one in sentences], vectors, queries, vector_of)
    kind = np.array([[OF_LABEL if one.is_label else 1.0] for one in sentences]).reshape(-1, 1)
    said = voices.weights([(one.artifact, one.segment) for one in sentences], queries)
    made: Numbers = np.round(found * kind * said, 4)
    return made


def may_show(element: Element, artifact: Artifact) -> bool:
    """Whether an artifact is one in which the element can be seen: its slot, and its medium."""
    in_slot = not element.slots or artifact.slot is None or artifact.slot in element.slots
    medium = "text" if artifact.kind is ArtifactKind.DOCUMENT else "speech"
    return in_slot and medium in element.observable_in


def moments(
    sentences: Sequence[Sentence], matched: Numbers, queries: Sequence[Query]
) -> list[Moment]:
    """Runs of consecutive sentences whose best query is met, in the order of the work.

    `matched` has shape (sentences, queries). A run keeps one stance, stays within MOST_SENTENCES
    and MOST_WORDS and within one paragraph or turn; it is named after its best sentence's query.
    A sentence below FLOOR is a moment by itself. A heading takes the sentence after it along, and
    shows nothing by itself. A sentence that repeats an earlier one word for word is left out.
    """
    repeated = repeats(sentences)
    labels = [one.is_label for one in sentences]
    made: list[Moment] = []
    best = [int(row.argmax()) if len(queries) else 0 for row in matched]
    most = matched.max(axis=1, initial=0.0)
    run: list[int] = []

    def close() -> None:
        if not all(labels[one] for one in run):
            top = max(run, key=lambda one: float(most[one]))
            query = queries[best[top]]
            made.append(Moment(tuple(run), query.stance, query.id, float(most[top])))
        run.clear()

    for number, sentence in enumerate(sentences):
        follows = bool(run) and _is_next(sentences[run[-1]], sentence)
        if follows and number not in repeated and all(labels[one] for one in run):
            run[:] = [*run, number][-MOST_SENTENCES:]
            continue
        weak = most[number] < FLOOR
        if number in repeated or (weak and labels[number]):
            close()
            continue
        after_weak = all(most[one] < FLOOR for one in run)
        if run and (weak or after_weak or not _continues(sentences, run, number, queries, best)):
            close()
        run.append(number)
    close()
    return made


def repeats(sentences: Sequence[Sentence]) -> set[int]:
    """Positions of sentences of some length that were there before, word for word."""
    seen: set[tuple[str, ...]] = set()
    made = set()
    for number, sentence in enumerate(sentences):
        low = tuple(words(sentence.text))
        if len(low) >= REPEATED_WORDS:
            if low in seen:
                made.add(number)
            seen.add(low)
    return made


def _is_next(before: Sentence, now: Sentence) -> bool:
    return before.artifact is now.artifact and now.at == before.at + 1


def _continues(
    sentences: Sequence[Sentence],
    run: Sequence[int],
    number: int,
    queries: Sequence[Query],
    best: Sequence[int],
) -> bool:
    before, now = sentences[run[-1]], sentences[number]
    length = sum(len(words(sentences[one].text)) for one in (*run, number))
    return (
        _is_next(before, now)
        and now.paragraph == before.paragraph
        and queries[best[number]].stance is queries[best[run[0]]].stance
        and len(run) < MOST_SENTENCES
        and length <= MOST_WORDS
    )


def without_near_duplicates(ranked: Sequence[Moment], vectors: Vectors) -> list[Moment]:
    """The moments without those that say nearly the same as one ranked before them.

    `vectors` has one row a sentence.
    """
    kept: list[Moment] = []
    seen: list[Vectors] = []
    for moment in ranked:
        mean = vectors[list(moment.members)].mean(axis=0)
        unit = mean / max(float(np.linalg.norm(mean)), 1e-9)
        if all(round(float(unit @ other), 4) < ALIKE for other in seen):
            kept.append(moment)
            seen.append(unit)
    return kept


def locate(
    sentences: Sequence[Sentence],
    vectors: Vectors,
    matched: Numbers,
    queries: Sequence[Query],
    most: int = FIRST,
) -> tuple[Excerpt, ...]:
    """The `most` best excerpts for one element, of either stance, best first.

    `vectors` has one row a sentence, `matched` shape (sentences, queries): those of the artifacts
    that may show the element, and of its own queries. Best is what is most relevant and not the
    same indicator again: see `spread`. Where little is plain, the likeliest of the rest fills up,
    so that whoever looks for the element has places to look at.
    """
    found = moments(sentences, matched, queries)
    ranked = sorted(found, key=lambda one: (-round(one.relevance, 4), one.members))
    kept = spread(without_near_duplicates(ranked, vectors), sentences)
    owners = [sentences[one.members[0]].artifact.id for one in kept]
    order = two_artifacts_first(owners, [one.relevance >= FLOOR for one in kept])
    return tuple(_excerpt(kept[at], sentences) for at in order[:most])


def spread(ranked: Sequence[Moment], sentences: Sequence[Sentence]) -> list[Moment]:
    """All moments in a new order: each further one of a query, or of a paragraph, counts AGAIN.

    Whoever reads five excerpts should meet each indicator that is there, not the plainest one five
    times, nor one paragraph in five pieces.
    """
    left = list(ranked)
    met: Counter[tuple[str, int] | str] = Counter()
    made: list[Moment] = []

    def place(moment: Moment) -> tuple[str, int]:
        last = sentences[moment.members[-1]]
        return last.artifact.id, last.paragraph

    while left:
        best = max(
            left,
            key=lambda one: round(one.relevance * AGAIN ** (met[one.query] + met[place(one)]), 4),
        )
        left.remove(best)
        met.update((best.query, place(best)))
        made.append(best)
    return made


def two_artifacts_first(
    owners: Sequence[str], plain: Sequence[bool], first: int = FIRST
) -> list[int]:
    """Positions in their order, but if all `first` belong to one artifact, the best of another
    takes the last place among them, if it is plain.
    """
    order = list(range(len(owners)))
    if len({owners[at] for at in order[:first]}) == 1:
        other = next((at for at in order if owners[at] != owners[0] and plain[at]), None)
        if other is not None and other >= first:
            order.remove(other)
            order.insert(first - 1, other)
    return order


def _excerpt(moment: Moment, sentences: Sequence[Sentence]) -> Excerpt:
    members = [sentences[one] for one in moment.members]
    return excerpt(
        members[0].artifact,
        [one.at for one in members],
        moment.relevance,
        moment.query,
        moment.stance,
    )
