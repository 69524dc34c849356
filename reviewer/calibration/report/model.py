"""What a calibration report says, as values; their JSON is the published form.

Invariant: no number stands without its n; a value or an interval that is null has its `reason`. The
report is a function of the table and of `Settings`: same bytes in, same bytes out.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from reviewer.calibration.anchoring import Anchoring
from reviewer.calibration.confidence import Confidence
from reviewer.calibration.drift import Drift
from reviewer.calibration.ratings import LeftOut
from reviewer.calibration.severity import RaterEffects

OVERALL = "all together"
"""Name of the slice of all elements; with its space it can be no element's id."""


class Kind(StrEnum):
    """Who is compared with whom; the first is `left` in confusion tables, the second `right`."""

    HUMAN_HUMAN = "human_human"
    ENGINE_HUMAN = "engine_human"
    EVALUATOR_EXPERT = "evaluator_expert"
    AIDED_HUMAN = "aided_human"


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic: value with 95 % interval by bootstrap over candidates, and n of its units."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class IccFigure:
    """An intraclass correlation with its F test and the interval that follows from F."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    f: float | None
    df1: float | None
    df2: float | None
    p: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each pair of levels occurred: `counts[left][right]`, in the order of `levels`."""

    levels: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Agreement of one kind on one slice.

    `engine` names the engine version, empty where no engine takes part. `units` are elements of
    works that both sides rated. `statistics`: by name, see docs/calibration.md.
    """

    kind: Kind
    engine: str
    units: int
    works: int
    candidates: int
    statistics: dict[str, Figure]
    icc: dict[str, IccFigure]
    confusion: Confusion
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Degradation:
    """QWK between people less QWK of an engine with people: what the machine loses, 0.1 at most."""

    engine: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class SubgroupDifference:
    """DSM of one subgroup: standardized mean score of the engine less that of people, in it."""

    engine: str
    grouping: str
    group: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict on an engine may rest on: works with blind expert ratings, and of these the
    ones scored by two people, and the works at each level of the reference.
    """

    engine: str
    works: int
    double_scored: int
    at_level: dict[str, int]


@dataclass(frozen=True, slots=True)
class Slice:
    """One element, all of them, or one value of another column.

    `drifted`: the engines whose latest month on these rows is out of its limits.
    """

    name: str
    levels: tuple[float, ...]
    comparisons: tuple[Comparison, ...]
    degradation: tuple[Degradation, ...]
    subgroups: tuple[SubgroupDifference, ...]
    evidence: tuple[Evidence, ...]
    drifted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """Whether two ratings of whole works lead to the same outcome under the pass rule.

    `not_observable`: of the works compared, those in which one of the two found an element that the
    rule looks at not observable; it counts as it does in reviews: not met, and no points.
    """

    kind: Kind
    engine: str
    rule: str
    statistics: dict[str, Figure]
    not_observable: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What was read, and what was made of it."""

    name: str
    sha256: str
    rows: int
    works: int
    candidates: int
    raters: dict[str, int]
    assumed: tuple[str, ...]
    repairs: tuple[str, ...]
    extra: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the report depends on beside the table."""

    reference: str
    by: str
    resamples: int
    seed: int
    wanted_agreement: float
    credential: str
    rubric_hash: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A part that could not be made, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report; docs/calibration.md says how to read it."""

    schema: Literal["urn:reviewer:calibration:1"]
    headline: str
    source: Source
    settings: Settings
    slices: tuple[Slice, ...]
    cronbach_alpha: dict[str, Figure]
    rwg_j: Figure
    decisions: tuple[Decisions, ...]
    rater_effects: RaterEffects | Absent
    drift: tuple[Drift, ...]
    drift_note: str
    confidence: tuple[Confidence, ...]
    confidence_note: str
    anchoring: tuple[Anchoring, ...]
    notes: tuple[str, ...]

    def slice(self, name: str) -> Slice | None:
        """The slice of that name."""
        return next((one for one in self.slices if one.name == name), None)
