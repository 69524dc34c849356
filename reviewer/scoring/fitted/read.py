"""A work as a fitted scorer reads it: rows of its segments that pool into one row a work.

Invariant: pooling is additive. A work's row is the sum over its segments of `shares` times the
segment's row (signs, layers) or of its counts (terms); what cannot be pooled so is in `whole`,
by name. Segments that carry nothing (gibberish, the rubric copied, a word list, words to whoever
scores, a sentence said before) are no part of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from reviewer.evidence.embed import Vectors
from reviewer.evidence.locate import Sentence, repeats, sentences_of
from reviewer.evidence.match import Numbers
from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential
from reviewer.scoring import lexicon
from reviewer.scoring.coverage import draft_read
from reviewer.scoring.draft import DraftKind
from reviewer.scoring.fitted.formulas import read_again, without_formulas
from reviewer.scoring.fitted.signs import segment_signs, whole_signs
from reviewer.scoring.reading import Reading, Void
from reviewer.scoring.talk.heard import moves_heard
from reviewer.scoring.talk.moves import TalkMoves
from reviewer.scoring.work import Embed, Work, read_work

TERMS = 2**16  # buckets of hashed words and pairs of words
LIST_WORDS, LIST_FUNCTION = 12, 0.25  # words, and share of function words, of a mere list
TOGETHER = 128  # works whose sentences are encoded in one go
WORDS = r"(?u)\b\w[\w']*|[.,;:!?]"


@dataclass(frozen=True, slots=True)
class WorkRead:
    """The segments of one work that count, and what they pool into.

    `shares` (s,) sums to 1; `signs` (s, SEGMENT_SIGNS, then the talk moves, if there are some);
    `layers` (s, three layers); `embeddings` (s, dimensions); `terms` (s, TERMS) counts; `whole`
    (WHOLE_SIGNS,); `descriptors` (elements of the scorer,) the expected levels of the coverage
    engine; `first` is why it drafted none, by element id; `void` is why the segments that do not
    count do not.
    """

    sentences: tuple[Sentence, ...]
    shares: Numbers
    signs: Numbers
    layers: Vectors
    embeddings: Vectors
    terms: csr_matrix
    whole: Numbers
    descriptors: Numbers
    first: dict[str, tuple[DraftKind, str]]
    void: tuple[Void, ...]

    @property
    def center(self) -> Vectors:
        """The mean of the segments' embeddings, as a unit vector."""
        mean = self.shares.astype(np.float32) @ self.embeddings
        made: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return made


@lru_cache(maxsize=1)
def _counter() -> Any:
    return HashingVectorizer(
        ngram_range=(1, 2),
        token_pattern=WORDS,
        n_features=TERMS,
        norm=None,
        alternate_sign=False,
    )


def count_terms(texts: Sequence[str]) -> csr_matrix:
    """Counts of hashed words and pairs of words, one row a text; no word itself is kept."""
    return _counter().transform(texts) if texts else csr_matrix((0, TERMS))


def together(
    works: Sequence[Sequence[Artifact]], encode: Embed
) -> Iterator[tuple[Sequence[Artifact], Embed]]:
    """Each work with an `encode` that has the rows of its sentences at hand.

    The sentences of TOGETHER works are encoded in one go: the batches of one work alone are mostly
    filling.
    """
    for start in range(0, len(works), TOGETHER):
        block = works[start : start + TOGETHER]
        at_hand = _remembered(encode)
        at_hand([text for work in block for text in _texts_ahead(work)])
        for work in block:
            yield work, at_hand


def _remembered(encode: Embed) -> Embed:
    """The same rows, each text encoded once; shape (0, 0) for no texts."""
    rows: dict[str, Vectors] = {}

    def at_hand(texts: Sequence[str]) -> Vectors:
        missing = [text for text in dict.fromkeys(texts) if text not in rows]
        if missing:
            rows.update(zip(missing, encode(missing), strict=True))
        return np.stack([rows[text] for text in texts]) if texts else np.zeros((0, 0), np.float32)

    return at_hand


def _texts_ahead(work: Sequence[Artifact]) -> list[str]:
    sentences = sentences_of(work)
    return [one.text for one in (*sentences, *without_formulas(sentences))]


def read_works(
    credential: Credential,
    works: Sequence[Sequence[Artifact]],
    encode: Embed,
    elements: Sequence[str] | None = None,
    moves: TalkMoves | None = None,
) -> Iterator[WorkRead]:
    """Each work as `read_for_fit` reads it."""
    for work, rows in together(works, encode):
        yield read_for_fit(credential, work, rows, elements, moves)


def read_for_fit(
    credential: Credential,
    artifacts: Sequence[Artifact],
    encode: Embed,
    elements: Sequence[str] | None = None,
    moves: TalkMoves | None = None,
) -> WorkRead:
    """Read one work for a scorer of `elements` (null: of all that the credential has).

    `encode` gives the rows of a `LayerEncoder`, one a text; `moves` are the talk moves that the
    scorer knows.
    """
    rows_of = _remembered(encode)

    def embed(texts: Sequence[str]) -> Vectors:
        rows = rows_of(texts)
        last = rows[:, _last(rows.shape[1]) :]
        unit: Vectors = last / np.linalg.norm(last, axis=1, keepdims=True)
        return unit

    ordered = sorted(artifacts, key=lambda one: one.id)
    work = read_work(credential, ordered, embed)
    drafts = draft_read(credential, ordered, work, "")
    descriptors = [
        one.values[0] if draft.expected is None else draft.expected
        for one, draft in zip(credential.elements, drafts, strict=True)
        if elements is None or one.id in elements
    ]
    first = {one.element: (one.kind, one.reason) for one in drafts if one.reason is not None}
    told = without_formulas(work.sentences)
    rows = rows_of([one.text for one in told])
    read = _read(work, told, rows, np.array(descriptors), first)
    return read if moves is None else _with_moves(read, moves, work.sentences)


def _with_moves(read: WorkRead, moves: TalkMoves, whole: Sequence[Sentence]) -> WorkRead:
    """The talk moves beside the signs; lines that carry nothing are context all the same."""
    heard = moves_heard(moves, whole)
    place = {(one.artifact.id, one.at): at for at, one in enumerate(whole)}
    kept = [place[one.artifact.id, one.at] for one in read.sentences]
    return replace(read, signs=np.hstack([read.signs, heard[kept]]))


def _read(
    work: Work,
    told: Sequence[Sentence],
    rows: Vectors,
    descriptors: Numbers,
    first: dict[str, tuple[DraftKind, str]],
) -> WorkRead:
    """`told` are the sentences as they are read, one for each of the work's, and `rows` theirs."""
    repeated = repeats(work.sentences)
    again = read_again(work.sentences, told, work.readings)
    voids = [_void(one) for one in again]
    kept = [at for at, void in enumerate(voids) if void is None and at not in repeated]
    sentences = tuple(work.sentences[at] for at in kept)
    readings = [again[at] for at in kept]
    lengths = np.array([max(1, len(one.words)) for one in readings], float)
    as_read = [told[at] for at in kept]
    own, width = rows[kept], rows.shape[1]
    return WorkRead(
        sentences,
        lengths / max(1.0, lengths.sum()),
        segment_signs(as_read, readings),
        own[:, : _last(width)],
        own[:, _last(width) :],
        count_terms([one.text for one in as_read]),
        whole_signs(as_read, readings),
        descriptors,
        first,
        tuple(one for one in voids if one is not None),
    )


def _void(reading: Reading) -> Void | None:
    """Why a segment carries nothing: as read, or a longer list of words than a reading looks for.

    A fitted scorer knows words, so a list of the right ones must not count.
    """
    low = reading.words
    function = sum(word in lexicon.FUNCTION_WORDS for word in low)
    if reading.void is None and len(low) >= LIST_WORDS and function < LIST_FUNCTION * len(low):
        return Void.WORD_LIST
    return reading.void


def _last(width: int) -> int:
    """Where the last layer begins in a row of this width (the rows of a `LayerEncoder`)."""
    return width - width // 4
