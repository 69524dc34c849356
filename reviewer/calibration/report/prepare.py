"""From a ratings table to the parts that are compared, on levels that are known.

Invariant: every score that is compared is one of its element's levels; engines go by their version
wherever a rater is named; the reference ratings are single ratings, or a panel's consensus.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reviewer.calibration.agreement.levels import FARTHEST
from reviewer.calibration.pairing import one_each
from reviewer.calibration.ratings import ENGINE, LeftOut, Ratings, Split, split
from reviewer.calibration.ratings.cells import chosen, rows_in_words
from reviewer.calibration.report.model import Source
from reviewer.errors import RatingsError
from reviewer.review.rating import RaterType
from reviewer.rubric import Credential

ANYBODY = "any person"
"""What the reference is where nobody is an expert."""

MOST_LEVELS = 50
"""Levels that an element can have; more is a measurement and not a rubric."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What statistics are made of; all frames have the columns of the long table.

    `whole`: every row, for what is no agreement (anchoring, groups of units). `people`: independent
    ratings; `engine`: drafts; `aided`: ratings after excerpts or a draft; `reference`: one rating a
    unit that engines are held to, `reference_is` says whose; `expert`: whether these are expert
    ratings, as a verdict needs. `of_works` and `reference_of_works`: all ratings by people, and all
    that the reference is drawn from, with the rows in which an element was found not observable
    (score missing): what outcomes of whole works are made of.
    """

    whole: pd.DataFrame
    people: pd.DataFrame
    engine: pd.DataFrame
    aided: pd.DataFrame
    reference: pd.DataFrame
    reference_is: str
    expert: bool
    of_works: pd.DataFrame
    reference_of_works: pd.DataFrame
    levels: dict[str, tuple[float, ...]]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def prepare(
    ratings: Ratings, name: str, reference: str, credential: Credential | None, seed: int
) -> Prepared:
    """Tell the parts apart; `reference` is empty, expert, consensus or a rater's name.

    Raises `RatingsError` for scores off the credential's levels, elements it does not have, and a
    reference that is not in the table.
    """
    counted: list[LeftOut] = []
    if credential is not None:
        ratings, counted = _of_credential(ratings, credential)
        if ratings.frame.empty:
            rows = "; ".join(f"{one.rows:,} {one.reason}" for one in counted)
            raise RatingsError(
                f"{name} has no row on {credential.id} as it is now ({rows}): look at its columns "
                "credential and rubric_version."
            )
    levels = _levels(ratings.frame, name, credential)
    ratings = replace(ratings, frame=_by_version(ratings.frame))
    parts = split(ratings)
    held_to, what, expert = _reference(parts, reference, name)
    notes = []
    if what == "consensus":
        notes.append(
            "The reference is a panel's consensus, which is steadier than one person's rating: "
            "degradation against the human ceiling looks smaller than it is."
        )
    return Prepared(
        whole=ratings.frame,
        people=parts.independent,
        engine=parts.engine,
        aided=parts.aided,
        reference=one_each(held_to, seed),
        reference_is=what,
        expert=expert,
        of_works=pd.concat([parts.independent, _by(parts.unseen, ANYBODY)]),
        reference_of_works=pd.concat([held_to, _by(parts.unseen, what)]),
        levels=levels,
        left_out=(*counted, *parts.left_out),
        notes=tuple(notes),
    )


def source(ratings: Ratings, name: str, sha256: str, left_out: Sequence[LeftOut]) -> Source:
    """What was read, counted."""
    frame = ratings.frame
    raters = frame.drop_duplicates(["rater", "rater_type"])["rater_type"].value_counts()
    return Source(
        name=name,
        sha256=sha256,
        rows=len(frame),
        works=len(frame[["submission", "attempt"]].drop_duplicates()),
        candidates=int(frame["candidate"].nunique()),
        raters={str(kind): int(count) for kind, count in raters.sort_index().items()},
        assumed=ratings.assumed,
        repairs=ratings.repairs,
        extra=ratings.extra,
        left_out=tuple(left_out),
    )


def _of_credential(ratings: Ratings, credential: Credential) -> tuple[Ratings, list[LeftOut]]:
    """The rows of this credential and this version of its rubric."""
    frame = ratings.frame
    counted = []
    versions = {"", credential.version, credential.rubric_hash}
    other_version = ~frame["rubric_version"].isin(versions)
    other = pd.Series(False, index=frame.index)
    if "credential" in frame.columns:
        other = ~frame["credential"].isin({"", credential.id})
    for rows, reason in (
        (other, "on another credential"),
        (other_version & ~other, "on another version of the rubric"),
    ):
        if rows.any():
            counted.append(LeftOut(int(rows.sum()), reason))
    return replace(ratings, frame=frame[~other & ~other_version]), counted


def _levels(
    frame: pd.DataFrame, name: str, credential: Credential | None
) -> dict[str, tuple[float, ...]]:
    scored = frame[frame["score"].notna()]
    if scored.empty:
        raise RatingsError(f"{name} has no score at all; there is nothing to compare.")
    if credential is None:
        return {
            str(element): _observed(rows.to_numpy(dtype="float64"), str(element), name)
            for element, rows in scored.groupby("element", sort=True)["score"]
        }
    known = {element.id: element.values for element in credential.elements}
    strange = ~scored["element"].isin(known)
    if strange.any():
        raise RatingsError(
            f"{name}, {rows_in_words(scored.index[strange])}: {credential.id} has no element "
            f"{scored['element'].to_numpy()[strange][0]!r}; its elements are {', '.join(known)}."
        )
    for element, values in known.items():
        off = (scored["element"] == element) & ~scored["score"].isin(values)
        if off.any():
            raise RatingsError(
                f"{name}, {rows_in_words(scored.index[off])}: {element} has the levels "
                f"{', '.join(f'{value:g}' for value in values)}, not "
                f"{scored['score'].to_numpy()[off][0]:g}; mend these scores."
            )
    there = set(scored["element"])
    return {element: values for element, values in known.items() if element in there}


def _observed(
    scores: "np.typing.NDArray[np.float64]", element: str, name: str
) -> tuple[float, ...]:
    """The levels between the lowest and the highest score, in the steps that occur."""
    values = np.unique(scores)
    for step in (1.0, 0.5):
        if np.all(values % step == 0) and (values[-1] - values[0]) / step < MOST_LEVELS:
            return tuple(float(one) for one in np.arange(values[0], values[-1] + step / 2, step))
    if len(values) > 1 and values[-1] - values[0] < 1 / FARTHEST:
        raise RatingsError(f"{name}: {element} has scores too close together to be levels.")
    if len(values) > MOST_LEVELS:
        raise RatingsError(
            f"{name}: {element} has {len(values)} different scores, which is a measurement and no "
            "set of levels; round them, or name the credential whose levels they are."
        )
    return tuple(float(one) for one in values)


def _by_version(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with engines called by their version, where it is known."""
    version = frame["engine_version"]
    known = (frame["rater_type"] == ENGINE) & (version != "")
    return frame.assign(rater=chosen(version, known, frame["rater"])) if known.any() else frame


def _reference(parts: Split, wanted: str, name: str) -> tuple[pd.DataFrame, str, bool]:
    people = parts.independent
    experts = people[people["rater_type"] == RaterType.EXPERT]
    if wanted in ("", "expert") and len(experts):
        return experts, "expert", True
    if wanted == "consensus" and len(parts.consensus):
        return parts.consensus, "consensus", True
    if wanted not in ("", "expert", "consensus"):
        named = people[people["rater"] == wanted]
        if len(named):
            return named, wanted, True
    if wanted:
        there = ", ".join(sorted(people["rater"].unique())[:12])
        raters = f"such raters are {there}" if there else "no other person has one either"
        raise RatingsError(
            f"{name} has no independent rating (blind, aid none) by {wanted!r} to hold others to; "
            f"{raters}."
        )
    return people, ANYBODY, False


def _by(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    """The rows by those who the reference `what` is, as `_reference` names it."""
    if what == ANYBODY:
        return rows[rows["rater_type"] != RaterType.CONSENSUS]
    if what in (RaterType.EXPERT, RaterType.CONSENSUS):
        return rows[rows["rater_type"] == what]
    return rows[rows["rater"] == what]
