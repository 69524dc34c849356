"""The gate: the unfavourable bound decides, too little is unmeasured, drift closes."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.calibration.drift import Drift, Month
from reviewer.calibration.gate import Thresholds, Verdict, read_thresholds
from reviewer.calibration.gate.judging import verdicts
from reviewer.calibration.report import read_report, report_json
from reviewer.calibration.report.model import (
    Absent,
    Comparison,
    Confusion,
    Degradation,
    Evidence,
    Figure,
    Kind,
    Report,
    Settings,
    Slice,
    Source,
    SubgroupDifference,
)
from reviewer.errors import PolicyError
from reviewer.rubric import GatePolicy
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.scoring.gate import engine_version, gate, measured

ENGINE = "a" * 64


def figure(value: float, low: float, high: float, n: int = 200) -> Figure:
    return Figure(value, low, high, n, None)


GOOD = Slice(
    name="plan",
    levels=(0.0, 1.0, 2.0),
    comparisons=(
        Comparison(
            Kind.ENGINE_HUMAN, ENGINE, 200, 200, 200,
            {"cohen_kappa.quadratic": figure(0.8, 0.74, 0.86), "smd": figure(0.02, -0.05, 0.09)},
            {}, Confusion((0.0,), ((200,),)), (),
        ),
    ),
    degradation=(Degradation(ENGINE, figure(0.01, -0.04, 0.06)),),
    subgroups=(),
    evidence=(Evidence(ENGINE, 200, 120, {"0": 20, "1": 100, "2": 80}),),
)  # fmt: skip


NO_FIGURE = Figure(None, None, None, 0, "none")


def report(*parts: Slice, drift: tuple[Drift, ...] = ()) -> Report:
    return Report(
        "urn:reviewer:calibration:1", "", Source("t", "0" * 64, 1, 1, 1, {}, (), (), (), ()),
        Settings("expert", "element", 1000, 1, 0.8, "c", "r"), parts, {}, NO_FIGURE, (),
        Absent(""), drift, "",
        (), "", (), (),
    )  # fmt: skip


def judge(part: Slice, drift: tuple[Drift, ...] = (), limits: Thresholds | None = None) -> Verdict:
    made = report(part, drift=drift)
    return verdicts(made, "f" * 64, limits or Thresholds(), "c", "r" * 64, ("plan",))[0]


def with_statistic(name: str, value: Figure) -> Slice:
    one = GOOD.comparisons[0]
    return replace(GOOD, comparisons=(replace(one, statistics={**one.statistics, name: value}),))


def test_where_every_bound_is_good_the_draft_is_open() -> None:
    found = judge(GOOD)
    assert found.fitness is Fitness.OPEN
    assert (found.credential, found.rubric_hash, found.element, found.engine_version) == (
        "c", "r" * 64, "plan", ENGINE,
    )  # fmt: skip
    assert found.report_sha256 == "f" * 64


def test_a_bound_that_misses_by_less_than_a_decimal_misses_when_it_is_read_again() -> None:
    missed = with_statistic("cohen_kappa.quadratic", figure(0.8, 0.69996, 0.86001))
    again = read_report(report_json(report(missed)), "r.json").slices[0]
    read = again.comparisons[0].statistics["cohen_kappa.quadratic"]
    assert (read.low, read.high) == (0.6999, 0.8601)
    assert judge(again).fitness is Fitness.CLOSED


LOW_QWK = with_statistic("cohen_kappa.quadratic", figure(0.75, 0.69, 0.80))
STRICT = with_statistic("smd", figure(-0.05, -0.16, 0.05))
LENIENT = with_statistic("smd", figure(0.05, -0.05, 0.16))
WORSE = replace(GOOD, degradation=(Degradation(ENGINE, figure(0.05, -0.02, 0.11)),))
UNEVEN = replace(
    GOOD, subgroups=(SubgroupDifference(ENGINE, "first", "x", figure(0.03, -0.02, 0.12)),)
)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (LOW_QWK, "QWK 0.75, at worst 0.69 (0.70 asked)"),
        (STRICT, "SMD -0.05, at worst ±0.16"),
        (LENIENT, "SMD +0.05, at worst ±0.16"),
        (WORSE, "degradation +0.05, at worst 0.11 (0.10 allowed)"),
        (UNEVEN, "DSM of first x"),
    ],
)
def test_the_bound_on_the_unfavourable_side_closes(part: Slice, words: str) -> None:
    found = judge(part)
    assert found.fitness is Fitness.CLOSED
    assert words in found.reason


def test_an_engine_better_than_the_human_ceiling_is_not_closed_for_it() -> None:
    part = replace(GOOD, degradation=(Degradation(ENGINE, figure(-0.30, -0.40, -0.20)),))
    assert judge(part).fitness is Fitness.OPEN


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence(ENGINE, 99, 90, {"0": 40, "1": 59}), "99 works with blind expert"),
        (Evidence(ENGINE, 200, 49, {"0": 100, "1": 100}), "49 of them scored by two"),
        (Evidence(ENGINE, 200, 90, {"0": 9, "1": 191}), "9 works at the second most frequent"),
    ],
)
def test_too_little_is_unmeasured_however_good_the_figures(evidence: Evidence, words: str) -> None:
    found = judge(replace(GOOD, evidence=(evidence,)))
    assert found.fitness is Fitness.UNMEASURED
    assert found.reason.startswith(words)


def test_too_little_is_unmeasured_however_bad_the_figures() -> None:
    bad = with_statistic("cohen_kappa.quadratic", figure(0.1, -0.2, 0.4))
    part = replace(bad, evidence=(Evidence(ENGINE, 20, 20, {"0": 10, "1": 10}),))
    assert judge(part).fitness is Fitness.UNMEASURED


def test_an_element_without_ratings_is_unmeasured() -> None:
    found = verdicts(report(GOOD), "f" * 64, Thresholds(), "c", "r", ("plan", "talk"))
    assert [(one.element, one.fitness) for one in found] == [
        ("plan", Fitness.OPEN), ("talk", Fitness.UNMEASURED),
    ]  # fmt: skip


def test_a_small_subgroup_is_insufficient_and_said() -> None:
    small = SubgroupDifference(ENGINE, "first", "x", figure(0.5, 0.2, 0.8, n=29))
    found = judge(replace(GOOD, subgroups=(small,)))
    assert found.fitness is Fitness.OPEN
    assert "insufficient: DSM of first x" in found.reason


def test_a_small_subgroup_is_insufficient_under_any_threshold() -> None:
    small = SubgroupDifference(ENGINE, "first", "x", figure(0.0, 0.0, 0.0, 12))
    found = judge(replace(GOOD, subgroups=(small,)), limits=Thresholds(dsm=1.0))
    assert found.fitness is Fitness.OPEN
    assert "insufficient: DSM of first x" in found.reason


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (with_statistic("cohen_kappa.quadratic", figure(0.75, 0.697, 0.8)), "at worst 0.69 (0.70"),
        (with_statistic("smd", figure(0.05, -0.05, 0.1504)), "at worst ±0.16 (0.15"),
        (with_statistic("smd", figure(0.05, -0.29, 0.05)), "at worst ±0.29 (0.15"),
    ],
)
def test_a_bound_that_closes_is_never_worded_as_one_that_does_not(part: Slice, words: str) -> None:
    assert words in judge(part).reason


def test_a_figure_without_an_interval_is_unmeasured() -> None:
    part = with_statistic("cohen_kappa.quadratic", Figure(0.9, None, None, 200, "one candidate"))
    found = judge(part)
    assert found.fitness is Fitness.UNMEASURED
    assert "one candidate" in found.reason


def test_drift_on_one_element_closes_that_element() -> None:
    other = replace(GOOD, name="talk")
    made = report(replace(GOOD, drifted=(ENGINE,)), other)
    found = verdicts(made, "f" * 64, Thresholds(), "c", "r" * 64, ("plan", "talk"))
    assert [one.fitness for one in found] == [Fitness.CLOSED, Fitness.OPEN]
    assert "out of limits on this element" in found[0].reason


def test_drift_closes_what_is_good_otherwise() -> None:
    month = Month("2026-05", 20, 0.9, -0.2, 0.2)
    chart = Drift(ENGINE, "engine", 100, 0.0, (month,))
    assert judge(GOOD, drift=(chart,)).fitness is Fitness.CLOSED
    of_another = replace(chart, rater="b" * 64)
    assert judge(GOOD, drift=(of_another,)).fitness is Fitness.OPEN


@settings(max_examples=80, deadline=None)
@given(st.floats(-0.2, 1), st.floats(0, 0.3), st.floats(0, 1))
def test_a_stricter_threshold_never_opens(value: float, half: float, limit: float) -> None:
    part = with_statistic("cohen_kappa.quadratic", figure(value, value - half, value + half))
    loose = judge(part, limits=Thresholds(qwk=limit * 0.9))
    strict = judge(part, limits=Thresholds(qwk=limit))
    assert not (strict.fitness is Fitness.OPEN and loose.fitness is not Fitness.OPEN)


class TestThresholds:
    def test_a_file_may_set_some_and_the_rest_keep_their_defaults(self) -> None:
        found = read_thresholds(b"qwk: 0.8\nworks: 150\n", "t.yaml")
        assert (found.qwk, found.works, found.smd) == (0.8, 150, 0.15)

    def test_an_empty_file_is_the_defaults(self) -> None:
        assert read_thresholds(b"# none\n", "t.yaml") == Thresholds()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (b"qkw: 0.8\n", "t.yaml, qkw: .*the keys are qwk"),
            (b"qwk: high\n", "t.yaml, qwk"),
            (b"qwk: 1.2\n", "t.yaml, qwk"),
            (b"qwk: yes\n", "t.yaml, qwk"),
            (b"works: 5\n", "t.yaml, works"),
            (b"- 0.8\n", "must hold lines such as"),
            (b"qwk: [\n", "no YAML"),
        ],
    )
    def test_what_cannot_be_used_is_one_sentence(self, text: bytes, words: str) -> None:
        with pytest.raises(PolicyError, match=words):
            read_thresholds(text, "t.yaml")


class TestDraftsUnderVerdicts:
    identity = EngineIdentity("coverage", "1", "0" * 64, "r" * 64, {"most_cited": 8})
    draft = ElementDraft(
        "plan", DraftKind.INSUFFICIENT_EVIDENCE, "nothing found", Fitness.UNMEASURED, None, None,
        {}, 0.0, "", (), identity,
    )  # fmt: skip

    def test_a_verdict_holds_for_exactly_its_engine(self) -> None:
        known = {("plan", engine_version(self.identity)): Fitness.CLOSED}
        assert measured(self.draft, known).fitness is Fitness.CLOSED
        for change in (
            {"version": "2"},
            {"weights_sha256": "1" * 64},
            {"settings": {"most_cited": 9}},
        ):
            other = replace(self.draft, engine=replace(self.identity, **change))
            assert measured(other, known).fitness is Fitness.UNMEASURED

    def test_a_closed_draft_is_held_back_with_its_reason(self) -> None:
        held = gate(replace(self.draft, fitness=Fitness.CLOSED), GatePolicy.PILOT)
        assert held.kind is DraftKind.ABSTENTION
        assert "closed" in (held.reason or "")
