"""Small models that tell what a sentence does from its words, its place and what came before.

Invariant: vocabularies, models and the factors that even out rare codes come from the fitted rows
alone; what a second model is fitted on was told by models that had not seen those rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

INNER = 3  # folds of the fitted rows, for what has to be told out of fold
EPOCHS = 10  # passes of stochastic gradient descent
FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8)  # tried for each code in turn, twice
SEED = 20240229
DRAWS = 1000  # resamples of an interval


@dataclass(frozen=True, eq=False)
class Told:
    """What was told of all `rows` (fitted ones out of fold): probabilities, shape (rows, codes)."""

    rows: Rows
    codes: NDArray[Any]
    probabilities: Floats


def words(texts: Sequence[str], rows: Rows, longest: int, weight: float = 1.0) -> Any:
    """tf-idf of all texts, question marks included, with the vocabulary of the fitted `rows`."""
    return _weighed(texts, rows, weight, ngram_range=(1, longest), min_df=2,
                    token_pattern=r"[A-Za-z0-9']+|\?")  # fmt: skip


def letters(texts: Sequence[str], rows: Rows, weight: float = 1.0) -> Any:
    """tf-idf of runs of two to five letters inside words."""
    return _weighed(texts, rows, weight, analyzer="char_wb", ngram_range=(2, 5), min_df=3)


def _weighed(texts: Sequence[str], rows: Rows, weight: float, **options: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options)
    return made.fit([texts[row] for row in rows]).transform(texts) * weight


def side_by_side(*parts: Any) -> Any:
    """Features of the same rows as one sparse matrix."""
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(one) for one in parts]).tocsr()


def logistic(alpha: float) -> Callable[[], Any]:
    """One logistic regression a code, by averaged stochastic gradient descent."""
    from sklearn.linear_model import SGDClassifier

    return lambda: SGDClassifier(
        loss="log_loss", alpha=alpha, max_iter=EPOCHS, tol=None, average=True, random_state=SEED
    )


def dense(strength: float) -> Callable[[], Any]:
    """One logistic regression over columns of numbers, each on its own scale."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return lambda: make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500))


def boosted() -> Any:
    """Boosted trees over a few dozen numbers."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.08, max_leaf_nodes=15, l2_regularization=5.0,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip


def small_trees() -> Any:
    """Fewer and smaller trees, for a few thousand sentences."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.08, max_leaf_nodes=12, l2_regularization=5.0,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip


def tell(
    model: Callable[[], Any],
    features: Callable[[Rows], Any],
    codes: NDArray[Any],
    groups: NDArray[np.str_],
    fitted: Rows,
    others: Rows,
) -> Told:
    """Probabilities of `fitted` rows by folds of their groups, of `others` by a model of all.

    `features` gives a matrix of all rows, with vocabularies of the rows that it is given.
    """
    from sklearn.model_selection import GroupKFold

    known = np.unique(codes[fitted])
    made = np.zeros((len(fitted), len(known)))
    for near, far in GroupKFold(INNER).split(fitted, groups=groups[fitted]):
        made[far] = _told(model, features, codes, fitted[near], fitted[far], known)
    rest = _told(model, features, codes, fitted, others, known)
    return Told(np.concatenate([fitted, others]), known, np.concatenate([made, rest]))


def _told(
    model: Callable[[], Any],
    features: Callable[[Rows], Any],
    codes: NDArray[Any],
    fitted: Rows,
    others: Rows,
    known: NDArray[Any],
) -> Floats:
    seen = features(fitted)
    one = model().fit(seen[fitted], codes[fitted])
    found = np.zeros((len(others), len(known)))
    found[:, np.searchsorted(known, one.classes_)] = one.predict_proba(seen[others])
    return found


def spread(told: Told, rows: int) -> Floats:
    """The probabilities as a matrix of all rows of the corpus, 0 where nothing was told."""
    made = np.zeros((rows, len(told.codes)))
    made[told.rows] = told.probabilities
    return made


def mean_of(every: Sequence[Told]) -> Told:
    """The mean of what several models told of the same rows and codes."""
    mean = np.mean([told.probabilities for told in every], axis=0)
    return replace(every[0], probabilities=mean)


def evened(told: Told, codes: NDArray[Any], fitted: int) -> tuple[Floats, float]:
    """A factor for each code's probability, and the macro-F1 that is reached with them.

    Both are of the first `fitted` rows, which were told out of fold. With the factors, rare codes
    count as much as frequent ones, as they do in macro-F1.
    """
    own, truth = told.probabilities[:fitted], codes[told.rows[:fitted]]
    factors = np.ones(len(told.codes))
    best = macro_f1(truth, told.codes[own.argmax(axis=1)])
    for at in list(range(len(factors))) * 2:
        for factor in FACTORS:
            tried = factors.copy()
            tried[at] *= factor
            reached = macro_f1(truth, told.codes[(own * tried).argmax(axis=1)])
            if reached > best:
                best, factors = reached, tried
    return factors, best


def decided(told: Told, codes: NDArray[Any], fitted: int) -> NDArray[Any]:
    """The code of each row after the first `fitted`, on which the factors are found."""
    factors, _ = evened(told, codes, fitted)
    return np.asarray(told.codes[(told.probabilities[fitted:] * factors).argmax(axis=1)])


def macro_f1(truth: NDArray[Any], told: NDArray[Any]) -> float:
    """Mean F1 over the codes that occur."""
    from sklearn.metrics import f1_score

    return float(f1_score(truth, told, labels=np.unique(truth), average="macro"))


def interval(
    truth: NDArray[Any], told: NDArray[Any], groups: NDArray[np.str_]
) -> tuple[float, float]:
    """95 % percentile interval of `macro_f1` over resamples of whole groups."""
    codes = np.unique(truth)
    _, place = np.unique(groups, return_inverse=True)
    shape = (place.max() + 1, len(codes))
    right, given, known = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for at, code in enumerate(codes):
        for counts, which in (
            (right, (truth == code) & (told == code)), (given, told == code), (known, truth == code)
        ):  # fmt: skip
            np.add.at(counts[:, at], place[which], 1)
    drawn = np.random.default_rng(SEED).integers(0, shape[0], (DRAWS, shape[0]))
    hits, all_given, all_known = (one[drawn].sum(axis=1) for one in (right, given, known))
    f1 = 2 * hits / np.maximum(all_given + all_known, 1)
    # As `macro_f1` does, a draw counts the codes that occur in it.
    mean = (f1 * (all_known > 0)).sum(axis=1) / (all_known > 0).sum(axis=1)
    low, high = np.quantile(mean, [0.025, 0.975])
    return float(low), float(high)
