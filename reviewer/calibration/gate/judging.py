"""From a report to a verdict per element: open, closed or unmeasured.

Invariant: for each threshold the confidence bound on the unfavourable side decides, never the
value. Too little to measure is `unmeasured`, never `closed`; drift closes an element whatever its
figures say. A verdict holds for one (credential, rubric, element, engine version) and no other.
"""

from reviewer.calibration.gate.choosing import QWK
from reviewer.calibration.gate.thresholds import Thresholds
from reviewer.calibration.gate.verdict import Check, Outcome, Verdict
from reviewer.calibration.report.model import (
    Evidence,
    Figure,
    Kind,
    Report,
    Slice,
    SubgroupDifference,
)
from reviewer.calibration.rounding import downward, upward
from reviewer.scoring.draft import Fitness

_FIGURES = (QWK, "degradation", "SMD")
_DSM = "DSM of "


def verdicts(
    report: Report,
    report_sha256: str,
    thresholds: Thresholds,
    credential: str,
    rubric_hash: str,
    elements: tuple[str, ...],
) -> tuple[Verdict, ...]:
    """One verdict per element and engine version of the report, in the order of `elements`."""
    engines = sorted({one.engine for part in report.slices for one in part.evidence})
    drifted = {one.rater for one in report.drift if one.rater_type == "engine" and one.drifted}
    made = []
    for element in elements:
        part = report.slice(element)
        here = set(part.drifted) if part else set()
        for engine in engines:
            checks = _checks(part, engine, thresholds)
            where = "on this element" if engine in here else "over all elements"
            fitness, reason = _decide(checks, where if engine in drifted | here else "")
            made.append(
                Verdict(
                    credential, rubric_hash, element, engine, fitness, reason, checks, report_sha256
                )
            )
    return tuple(made)


def _checks(part: Slice | None, engine: str, limits: Thresholds) -> tuple[Check, ...]:
    if part is None:
        return (Check("works", 0, None, None, limits.works, "insufficient", "no rating at all"),)
    evidence = next((one for one in part.evidence if one.engine == engine), None)
    with_people = next(
        (one for one in part.comparisons if (one.kind, one.engine) == (Kind.ENGINE_HUMAN, engine)),
        None,
    )
    if evidence is None or with_people is None:
        words = "no work has both a draft of this engine and a blind expert rating"
        return (Check("works", 0, None, None, limits.works, "insufficient", words),)
    fall = next((one.figure for one in part.degradation if one.engine == engine), None)
    return (
        *_enough(evidence, limits),
        _at_least(QWK, with_people.statistics["cohen_kappa.quadratic"], limits.qwk),
        _at_most("degradation", fall, limits.degradation, signed=True),
        _at_most("SMD", with_people.statistics["smd"], limits.smd, signed=False),
        *(_subgroup(one, limits) for one in part.subgroups if one.engine == engine),
    )


def _enough(evidence: Evidence, limits: Thresholds) -> tuple[Check, ...]:
    full = sorted(evidence.at_level.values(), reverse=True)
    second = full[1] if len(full) > 1 else 0
    return (
        _count("works with blind expert ratings", evidence.works, limits.works),
        _count("of them scored by two people", evidence.double_scored, limits.double_scored),
        _count("works at the second most frequent level", second, limits.at_level),
    )


def _count(name: str, n: int, limit: int) -> Check:
    outcome: Outcome = "met" if n >= limit else "insufficient"
    return Check(name, n, float(n), None, limit, outcome, f"{n} {name} ({limit} needed)")


def _at_least(name: str, figure: Figure, limit: float) -> Check:
    if figure.value is None or figure.low is None:
        return _unknown(name, figure, limit)
    outcome: Outcome = "met" if figure.low >= limit else "not met"
    worst = downward(figure.low, 2)
    words = f"{name} {figure.value:.2f}, at worst {worst:.2f} ({_shown(limit)} asked)"
    return Check(name, figure.n, figure.value, figure.low, limit, outcome, words)


def _at_most(name: str, figure: Figure | None, limit: float, *, signed: bool) -> Check:
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return _unknown(name, figure, limit)
    bound = figure.high if signed else max(abs(figure.low), abs(figure.high))
    outcome: Outcome = "met" if bound <= limit else "not met"
    worst = upward(bound, 2)
    words = (
        f"{name} {figure.value:+.2f}, at worst {'' if signed else '±'}{worst:.2f} "
        f"({_shown(limit)} allowed)"
    )
    return Check(name, figure.n, figure.value, bound, limit, outcome, words)


def _subgroup(one: SubgroupDifference, limits: Thresholds) -> Check:
    name = f"{_DSM}{one.grouping} {one.group}"
    if one.figure.n < limits.subgroup:
        words = f"{name}: {one.figure.n} works ({limits.subgroup} needed)"
        return Check(name, one.figure.n, None, None, limits.dsm, "insufficient", words)
    return _at_most(name, one.figure, limits.dsm, signed=False)


def _is_dsm(check: Check) -> bool:
    return check.name.startswith(_DSM)


def _shown(limit: float) -> str:
    return f"{limit:.2f}" if round(limit, 2) == limit else f"{limit:g}"


def _unknown(name: str, figure: Figure | None, limit: float) -> Check:
    why = (figure and figure.reason) or "nothing to measure it on"
    n = figure.n if figure else 0
    return Check(name, n, None, None, limit, "insufficient", f"{name} cannot be told: {why}")


def _decide(checks: tuple[Check, ...], drifted: str) -> tuple[Fitness, str]:
    """Too few works first, then drift (`drifted`: where), what is not met, what is unknown."""
    unknown = [check for check in checks if check.outcome == "insufficient"]
    few = [check for check in unknown if check.name not in _FIGURES and not _is_dsm(check)]
    if few:
        return Fitness.UNMEASURED, few[0].words
    if drifted:
        return Fitness.CLOSED, (
            f"the engine's scores have drifted: the latest month is out of limits {drifted}"
        )
    failed = [check for check in checks if check.outcome == "not met"]
    if failed:
        return Fitness.CLOSED, "; ".join(check.words for check in failed)
    core = [check for check in unknown if not _is_dsm(check)]
    if core:
        return Fitness.UNMEASURED, core[0].words
    note = f" (insufficient: {', '.join(check.name for check in unknown)})" if unknown else ""
    return Fitness.OPEN, "every threshold is met on the unfavourable side" + note
