"""Submissions with their blind expert ratings, as a fitted scorer takes them.

Invariant: only blind ratings of experts, made without an aid, under this very version of the
rubric; the latest of one rater counts, and a consensus stands for single ratings. What is left
out is counted by reason.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from reviewer.errors import TooFewRatings
from reviewer.evidence.locate import may_show
from reviewer.review.rating import RaterType, Rating
from reviewer.rubric import Credential, Element
from reviewer.scoring.fitted.fit import FEWEST
from reviewer.scoring.fitted.rated import Rated, Text, join, said
from reviewer.store import values
from reviewer.store.repository import Repository
from reviewer.store.reviews import Reviews

_EXPERTS = frozenset({RaterType.EXPERT, RaterType.CONSENSUS})

Scores = dict[str, dict[str, list[float]]]


def rated_submissions(
    repository: Repository, reviews: Reviews, credential: Credential
) -> tuple[Rated, ...]:
    """One `Rated` for each set of elements that the same artifacts can show.

    The works are the artifacts that can show those elements; their candidates are held together.
    Elements with fewer than FEWEST rated works are left out, and counted; raises `TooFewRatings`
    where none is left.
    """
    left_out: Counter[str] = Counter()
    submissions = _submissions(repository, credential, left_out)
    given = _scores(reviews.ratings(submissions), left_out)
    made = []
    for elements in _seen_alike(credential):
        texts = _texts(repository, submissions, elements)
        rated = {one.submission for one in texts if one.text.strip()}
        counts = {one.id: sum(one.id in given.get(s, {}) for s in rated) for one in elements}
        names = [one.id for one in elements if counts[one.id] >= FEWEST]
        for name in sorted(one for one in counts if 0 < counts[one] < FEWEST):
            left_out[f"works rated on {name}, too few to fit to"] += counts[name]
        own = _only(given, names)
        if names:
            made.append(join(texts, own, names, left_out, _sha256(texts, own)))
    if not made:
        raise TooFewRatings(
            f"No element of {credential.id} has blind expert ratings of {FEWEST} works or more; "
            f"let experts rate more of them blind. Left out: {said(dict(left_out))}."
        )
    return tuple(made)


def _submissions(
    repository: Repository, credential: Credential, left_out: Counter[str]
) -> list[str]:
    own = [one for one in repository.submissions() if one.credential == credential.id]
    kept = sorted(one.id for one in own if one.rubric_hash == credential.rubric_hash)
    if len(kept) < len(own):
        left_out["submissions under another version of the rubric"] += len(own) - len(kept)
    return kept


def _scores(given: Sequence[tuple[str, Rating]], left_out: Counter[str]) -> Scores:
    """Scores by submission and element; `given` is in the order in which ratings were given."""
    latest: dict[tuple[str, str, str, bool], float] = {}
    for _, one in given:
        if one.rater_type not in _EXPERTS:
            left_out["ratings by others than experts"] += 1
        elif not one.independent:
            left_out["ratings that were not blind and without an aid"] += 1
        elif one.level is None:
            left_out["ratings of what could not be observed"] += 1
        else:
            agreed = one.rater_type is RaterType.CONSENSUS
            latest[one.submission, one.element, one.rater, agreed] = one.level
    made: Scores = {}
    for agreed in (False, True):
        found: dict[tuple[str, str], list[float]] = {}
        for (submission, element, _, kind), level in latest.items():
            if kind is agreed:
                found.setdefault((submission, element), []).append(level)
        for (submission, element), levels in found.items():
            made.setdefault(submission, {})[element] = levels
    return made


def _only(given: Scores, names: Sequence[str]) -> Scores:
    """The scores of these elements; submissions without any are left out."""
    kept = {
        submission: {name: own[name] for name in names if name in own}
        for submission, own in given.items()
    }
    return {submission: own for submission, own in kept.items() if own}


def _seen_alike(credential: Credential) -> list[tuple[Element, ...]]:
    """The elements that text or speech can show, those that the same artifacts show together."""
    made: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Element]] = {}
    for one in credential.elements:
        media = tuple(sorted({"text", "speech"} & set(one.observable_in)))
        if media:
            made.setdefault((tuple(sorted(one.slots)), media), []).append(one)
    return [tuple(elements) for elements in made.values()]


def _texts(
    repository: Repository, submissions: Sequence[str], elements: Sequence[Element]
) -> list[Text]:
    """The submissions with what can show these elements, as it was read."""
    made = []
    for name in submissions:
        first_pass = repository.first_pass(name)
        assert first_pass is not None
        artifacts = tuple(
            one
            for one in first_pass.artifacts
            if one.problem is None and may_show(elements[0], one)
        )
        text = "\n\n".join(one.text for one in artifacts)
        made.append(Text(name, first_pass.candidate, "", text, artifacts))
    return made


def _sha256(texts: Sequence[Text], given: Scores) -> str:
    """Names what was read of every rated work, and its scores."""
    works = {
        one.submission: [
            hashlib.sha256(values.ARTIFACT.encode(own)).hexdigest() for own in one.artifacts
        ]
        for one in texts
        if one.submission in given
    }
    whole = json.dumps([works, given], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
