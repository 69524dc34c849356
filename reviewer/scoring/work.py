"""The work of a submission, read and embedded once for all elements.

Invariant: one row a sentence in every field; the parts for an element are rows of the whole, so an
element's draft does not depend on how many other elements there are to draft.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reviewer.evidence.embed import Vectors
from reviewer.evidence.locate import Sentence, matches, sentences_of
from reviewer.evidence.match import Numbers, Query, queries_of_all, texts_of
from reviewer.evidence.words import KnownRuns, words
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.rubric import Credential
from reviewer.scoring import worth
from reviewer.scoring.language import Language, language_of
from reviewer.scoring.reading import Reading, read

COPIED_RUN = 6  # words in a row shared with a descriptor or indicator: copied
COPIED_WHOLE = 3  # words of a written sentence that is nothing but a part of the rubric, or of an
# example in it
COPIED_EXAMPLE = 8  # words in a row shared with an example, which is what such work sounds like

# A summary or question that sets a task gives the topic that an essay should stay with.
_TASK = re.compile(
    r"\b(?:write|describe|explain|discuss|tell|argue)\b.{0,60}\b(?:about|whether|how|why|on|of)\b"
    r"|^\s*(?:prompt|topic|task)\s*:",
    re.IGNORECASE | re.DOTALL,
)

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Work:
    """Sentences with their readings, vectors, specificity and relevance to all queries.

    `matched` has shape (sentences, queries); `topic` holds the vectors of a task, if one is set.
    """

    sentences: tuple[Sentence, ...]
    readings: tuple[Reading, ...]
    vectors: Vectors
    specific: Numbers
    matched: Numbers
    queries: tuple[Query, ...]
    topic: Vectors | None
    languages: dict[str, Language]

    def of(self, artifacts: Sequence[Artifact], element: str) -> "Work":
        """The part for one element: the sentences of these artifacts, the queries of its own."""
        ids = {one.id for one in artifacts}
        rows = [at for at, one in enumerate(self.sentences) if one.artifact.id in ids]
        own = [at for at, query in enumerate(self.queries) if query.element == element]
        return replace(
            self,
            sentences=tuple(self.sentences[at] for at in rows),
            readings=tuple(self.readings[at] for at in rows),
            vectors=self.vectors[rows],
            specific=self.specific[rows],
            matched=self.matched[np.ix_(rows, own)],
            queries=tuple(self.queries[at] for at in own),
        )


def read_work(credential: Credential, artifacts: Sequence[Artifact], embed: Embed) -> Work:
    """Read every English artifact that is without a problem; one call to `embed`."""
    languages = {one.id: language_of(one) for one in artifacts if one.problem is None}
    sentences = sentences_of(
        [one for one in artifacts if languages.get(one.id) is Language.ENGLISH]
    )
    queries, task = queries_of_all(credential), _task(credential)
    texts = [one.text for one in sentences]
    asked = [*texts_of(queries), *worth.CONCRETE, *worth.GENERAL, *task]
    rows = embed([*texts, *asked])
    vectors, vector_of = rows[: len(texts)], dict(zip(asked, rows[len(texts) :], strict=True))
    readings = _readings(credential, sentences)
    concrete, general = (
        np.stack([vector_of[text] for text in kind]) for kind in (worth.CONCRETE, worth.GENERAL)
    )
    return Work(
        tuple(sentences),
        readings,
        vectors,
        worth.specificity(readings, worth.concreteness(vectors, concrete, general)),
        matches(sentences, vectors, queries, vector_of),
        queries,
        np.stack([vector_of[text] for text in task]) if task else None,
        languages,
    )


def _readings(credential: Credential, sentences: Sequence[Sentence]) -> tuple[Reading, ...]:
    indicators = [
        one for element in credential.elements for one in (*element.supporting, *element.counter)
    ]
    rubric = KnownRuns(
        [
            *(one.text for one in indicators),
            *(level.descriptor for element in credential.elements for level in element.levels),
            *(element.question for element in credential.elements),
        ],
        COPIED_RUN,
    )
    examples = KnownRuns([text for one in indicators for text in one.examples], COPIED_EXAMPLE)
    return tuple(_reading(one, rubric, examples) for one in sentences)


def _reading(sentence: Sentence, rubric: KnownRuns, examples: KnownRuns) -> Reading:
    heard = sentence.artifact.kind is not ArtifactKind.DOCUMENT
    low = words(sentence.text)
    whole = not heard and len(low) >= COPIED_WHOLE and (rubric.hold(low) or examples.hold(low))
    copied = whole or rubric.repeated_in(low) or examples.repeated_in(low)
    return read(sentence.text, heard, copied)


def _task(credential: Credential) -> list[str]:
    texts = (credential.summary, *(one.question for one in credential.elements))
    return [text for text in dict.fromkeys(texts) if _TASK.search(text)]
