"""The floors that a fitted scorer is printed beside: word counts with ridge, and length alone.

Invariant: nothing but the training texts and their scores decides anything: vocabulary, scaling,
weights and the stretch (from predictions of an inner cross-validation) are all theirs.
"""

import re
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import KFold
from sklearn.preprocessing import MinMaxScaler

from reviewer.evidence.match import Numbers

TERMS = 20_000  # most frequent terms
LONG_WORD = 7  # letters from which a word counts as long
INNER = 5  # folds of the inner cross-validation
FEW = 200  # labels up to which single words are counted instead of pairs too


def counts(text: str) -> list[float]:
    """Nine surface counts of a text."""
    own = re.findall(r"[A-Za-z']+", text)
    words = max(1, len(own))
    sentences = max(1, len(re.findall(r"[.!?]+", text)))
    return [
        float(np.log(words)),
        float(words),
        float(sentences),
        words / sentences,
        sum(map(len, own)) / words,
        len({word.lower() for word in own}) / words**0.5,
        float(text.count(",")),
        float(text.count("\n")),
        sum(len(word) >= LONG_WORD for word in own) / words,
    ]


def length_only(train: Sequence[str], scores: Numbers, test: Sequence[str]) -> Numbers:
    """Stretched ridge on log words; `scores` and the result have shape (texts, elements)."""
    one, other = (np.array([counts(text)[:1] for text in texts]) for texts in (train, test))
    fitted = _Floor(one).fit(scores)
    return stretched(fitted.predict(one), scores, fitted.predict(other))


def floor(train: Sequence[str], scores: Numbers, test: Sequence[str]) -> Numbers:
    """Stretched (vm-cv) tf-idf and nine counts with ridge; shapes as for `length_only`."""
    pairs = (1, 1) if len(train) <= FEW else (1, 2)
    words = TfidfVectorizer(ngram_range=pairs, sublinear_tf=True, max_features=TERMS)

    def predict(known: Sequence[str], own: Numbers, asked: Sequence[str]) -> Numbers:
        scale = MinMaxScaler().fit(np.array([counts(text) for text in known]))
        terms = words.fit_transform(known)
        one = hstack([terms, csr_matrix(scale.transform(np.array([counts(t) for t in known])))])
        other = hstack(
            [words.transform(asked), csr_matrix(scale.transform([counts(t) for t in asked]))]
        )
        fitted = _Floor(one.tocsr()).fit(own)
        return fitted.predict(other.tocsr())

    held = np.zeros_like(scores)
    for kept, out in KFold(INNER, shuffle=True, random_state=0).split(train):
        held[out] = predict([train[at] for at in kept], scores[kept], [train[at] for at in out])
    return stretched(held, scores, predict(train, scores, test))


class _Floor:
    """Ridge with alpha 1, solved exactly among the texts (there are fewer of them than terms)."""

    def __init__(self, rows: Numbers | csr_matrix) -> None:
        self._rows = rows

    def fit(self, scores: Numbers) -> "_Floor":
        inner = self._rows @ self._rows.T
        kernel = np.asarray(inner.todense() if hasattr(inner, "todense") else inner)
        self._means = kernel.mean(axis=0)
        self._mean = scores.mean(axis=0)
        self._grand = kernel.mean()
        centered = kernel - self._means[:, None] - self._means[None, :] + self._grand
        self._dual = np.linalg.solve(centered + np.eye(len(kernel)), scores - self._mean)
        return self

    def predict(self, rows: Numbers | csr_matrix) -> Numbers:
        inner = rows @ self._rows.T
        kernel = np.asarray(inner.todense() if hasattr(inner, "todense") else inner)
        own = kernel.mean(axis=1, keepdims=True)
        made: Numbers = self._mean + (kernel - own - self._means + self._grand) @ self._dual
        return made


def stretched(held: Numbers, scores: Numbers, predictions: Numbers) -> Numbers:
    """`predictions` moved as `held` must be to have the mean and SD of `scores`, per element."""
    spread = np.maximum(held.std(axis=0), 1e-9)
    made: Numbers = scores.mean(axis=0) + (predictions - held.mean(axis=0)) * (
        scores.std(axis=0) / spread
    )
    return made


def qwk(predictions: Numbers, scores: Numbers, values: Sequence[float]) -> float:
    """Quadratic weighted kappa of predictions, rounded to the nearest level, with scores."""
    levels = np.asarray(values)
    at = np.abs(np.asarray(predictions)[:, None] - levels[None, :]).argmin(axis=1)
    own = np.abs(np.asarray(scores)[:, None] - levels[None, :]).argmin(axis=1)
    if len(set(at) | set(own)) < 2:
        return 0.0
    kappa = cohen_kappa_score(own, at, weights="quadratic", labels=range(len(levels)))
    return float(kappa)
