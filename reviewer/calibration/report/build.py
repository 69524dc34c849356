"""From a table of ratings to the whole report.

Invariant: a part that cannot be made is in the report with its reason; nothing is silently absent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from reviewer.calibration.agreement import RESAMPLES, SEED
from reviewer.calibration.anchoring import anchoring
from reviewer.calibration.confidence import Confidence, confidence
from reviewer.calibration.drift import drift
from reviewer.calibration.pairing import UNIT, two_sides
from reviewer.calibration.ratings import Ratings
from reviewer.calibration.report.across import cronbach_alpha, within_works
from reviewer.calibration.report.headline import headline
from reviewer.calibration.report.matrix import Drawing
from reviewer.calibration.report.model import OVERALL, Absent, Report, Settings
from reviewer.calibration.report.outcomes import decisions
from reviewer.calibration.report.prepare import Prepared, prepare, source
from reviewer.calibration.report.slices import slice_of
from reviewer.calibration.severity import RaterEffects, design, rater_effects
from reviewer.errors import RatingsError
from reviewer.rubric import Credential

ELEMENT, MONTH = "element", "month"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked. `reference`: empty (experts where there are some, else any person), expert,
    consensus or a rater's name; `by`: element, month or a column; `wanted_agreement`: share right
    that the abstention threshold has to reach, in (0, 1).
    """

    reference: str = ""
    by: str = ELEMENT
    groupings: tuple[str, ...] = ()
    credential: Credential | None = None
    resamples: int = RESAMPLES
    seed: int = SEED
    wanted_agreement: float = 0.8


def calibrate(ratings: Ratings, name: str, sha256: str, options: Options) -> Report:
    """The report on `ratings`, whose file `name` has the hash `sha256`.

    Raises `RatingsError` where the table cannot be compared at all.
    """
    part = prepare(ratings, name, options.reference, options.credential, options.seed)
    drawing = Drawing(options.resamples, options.seed)
    slices = tuple(
        slice_of(one, title, options.groupings, drawing)
        for title, one in _slices(part, options.by, name)
    )
    charts, why_no_charts = drift(part.people, part.engine)
    sure, why_unsure = _confidence(part, options)
    moved, why_not_all_moved = anchoring(part.whole, options.seed, options.resamples)
    credential = options.credential
    report = Report(
        schema="urn:reviewer:calibration:1",
        headline="",
        source=source(ratings, name, sha256, part.left_out),
        settings=Settings(
            reference=part.reference_is,
            by=options.by,
            resamples=options.resamples,
            seed=options.seed,
            wanted_agreement=options.wanted_agreement,
            credential=credential.id if credential else "",
            rubric_hash=credential.rubric_hash if credential else "",
        ),
        slices=slices,
        cronbach_alpha=cronbach_alpha(part, drawing),
        rwg_j=within_works(part, drawing),
        decisions=decisions(part, credential, drawing) if credential else (),
        rater_effects=_effects(part, options.seed),
        drift=charts,
        drift_note=why_no_charts,
        confidence=sure,
        confidence_note=why_unsure,
        anchoring=moved,
        notes=(*part.notes, *([why_not_all_moved] if why_not_all_moved else [])),
    )
    return replace(report, headline=headline(report))


def _slices(part: Prepared, by: str, name: str) -> Iterator[tuple[str, Prepared]]:
    yield OVERALL, part
    if by == ELEMENT:
        for element, values in part.levels.items():
            rows = {key: frame["element"] == element for key, frame in _frames(part).items()}
            yield element, replace(_only(part, rows), levels={element: values})
        return
    group_of = _groups(part, by, name)
    for group in sorted(set(group_of) - {""}):
        units = group_of.index[group_of == group]
        rows = {
            key: pd.Series(pd.MultiIndex.from_frame(frame[UNIT]).isin(units), index=frame.index)
            for key, frame in _frames(part).items()
        }
        yield str(group), _only(part, rows)


def _groups(part: Prepared, by: str, name: str) -> "pd.Series[str]":
    """Each unit's group: that of its earliest row that has one."""
    frame = part.whole
    if by == MONTH:
        frame = frame[frame["timestamp"].notna()].sort_values("timestamp", kind="stable")
        if frame.empty:
            raise RatingsError(f"{name} has no timestamps, so it cannot be told apart by month.")
        frame = frame.assign(month=frame["timestamp"].dt.strftime("%Y-%m"))
    else:
        by = _column(frame, by, name)
    known = frame[(frame[by] != "") & frame[by].notna()].drop_duplicates(UNIT)
    return pd.Series(
        known[by].astype("str").to_numpy(), index=pd.MultiIndex.from_frame(known[UNIT])
    )


def _column(frame: pd.DataFrame, wanted: str, name: str) -> str:
    """The column of that name; upper and lower case are alike where none is written the same."""
    alike = (one for one in frame.columns if str(one).lower() == wanted.lower())
    found = wanted if wanted in frame.columns else next(alike, None)
    if found is None:
        raise RatingsError(
            f"{name} has no column {wanted!r} to tell apart by; it has {', '.join(frame.columns)}."
        )
    return str(found)


def _frames(part: Prepared) -> dict[str, pd.DataFrame]:
    return {
        "whole": part.whole,
        "people": part.people,
        "engine": part.engine,
        "aided": part.aided,
        "reference": part.reference,
    }


def _only(part: Prepared, rows: "dict[str, pd.Series[bool]]") -> Prepared:
    """`part` with the marked rows of each of its frames."""
    frames = _frames(part)
    return replace(part, **{key: frame[rows[key]] for key, frame in frames.items()})


def _effects(part: Prepared, seed: int) -> RaterEffects | Absent:
    columns = ["submission", "attempt", "rater", "rater_type", "element", "score"]
    rated = pd.concat([part.people[columns], part.engine[columns]])
    made = design(rated, part.levels, seed)
    found = made if isinstance(made, str) else rater_effects(made)
    return Absent(found) if isinstance(found, str) else found


def _confidence(part: Prepared, options: Options) -> tuple[tuple[Confidence, ...], str]:
    if "confidence" not in part.engine.columns or part.engine["confidence"].isna().all():
        return (), "no draft in the table has a confidence"
    made, reasons = [], []
    for engine, drafts in part.engine.groupby("rater", sort=True):
        pairs = two_sides(drafts, part.reference, options.seed)
        pairs = pairs.merge(drafts.drop_duplicates(UNIT)[[*UNIT, "confidence"]], on=UNIT)
        parts: Sequence[tuple[str, pd.DataFrame]] = [
            (OVERALL, pairs),
            *((str(one), rows) for one, rows in pairs.groupby("element", sort=True)),
        ]
        for element, rows in parts:
            found = confidence(
                rows,
                str(engine),
                element,
                options.wanted_agreement,
                options.seed,
                options.resamples,
            )
            if isinstance(found, str):
                reasons.append(f"{element}: {found}")
            else:
                made.append(found)
    return tuple(made), "; ".join(reasons)
