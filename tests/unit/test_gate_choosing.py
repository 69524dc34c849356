"""The best open engine drafts an element; the engine without ratings where none is open."""

from dataclasses import replace

import pytest

from reviewer.calibration.gate import Check, Verdict, chosen
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.scoring.gate import engine_version, measured


def draft(engine: str, element: str = "plan") -> ElementDraft:
    identity = EngineIdentity(engine, "1", "0" * 64, "r" * 64, {})
    return ElementDraft(
        element, DraftKind.INSUFFICIENT_EVIDENCE, "nothing found", Fitness.UNMEASURED, None, None,
        {}, 0.0, "", (), identity,
    )  # fmt: skip


def verdict(
    one: ElementDraft, fitness: Fitness = Fitness.OPEN, bound: float | None = 0.7
) -> Verdict:
    check = Check("QWK", 120, 0.8, bound, 0.7, "met", "")
    return Verdict(
        "c", "r" * 64, one.element, engine_version(one.engine), fitness, "", (check,), "s" * 64
    )


PLAIN, FITTED, OTHER = draft("coverage"), draft("fitted-standard"), draft("fitted-deep")


def taken(*given: Verdict, drafts: tuple[ElementDraft, ...] = (PLAIN, FITTED, OTHER)) -> str:
    known = {(one.element, one.engine_version): one.fitness for one in given}
    (one,) = chosen([measured(each, known) for each in drafts], given)
    return one.engine.id


def test_where_nothing_is_open_the_first_engine_drafts_unmeasured_or_closed() -> None:
    assert taken() == "coverage"
    assert taken(verdict(FITTED, Fitness.CLOSED), verdict(OTHER, Fitness.UNMEASURED)) == "coverage"
    assert taken(verdict(PLAIN, Fitness.CLOSED)) == "coverage"


def test_an_open_engine_goes_before_one_that_is_not() -> None:
    assert taken(verdict(FITTED)) == "fitted-standard"
    assert taken(verdict(FITTED), verdict(PLAIN, Fitness.CLOSED, 0.9)) == "fitted-standard"


@pytest.mark.parametrize(
    ("plain", "fitted", "other", "best"),
    [
        (0.71, 0.75, 0.72, "fitted-standard"),
        (0.71, 0.75, 0.76, "fitted-deep"),
        (0.75, 0.75, 0.72, "coverage"),
        (None, 0.2, None, "fitted-standard"),
    ],
)
def test_of_open_engines_the_highest_lower_bound_wins_of_two_alike_the_earlier(
    plain: float | None, fitted: float | None, other: float | None, best: str
) -> None:
    given = (
        verdict(PLAIN, bound=plain),
        verdict(FITTED, bound=fitted),
        verdict(OTHER, bound=other),
    )
    assert taken(*given) == best


def test_a_verdict_about_another_version_of_the_engine_says_nothing() -> None:
    newer = replace(FITTED, engine=replace(FITTED.engine, weights_sha256="1" * 64))
    assert taken(verdict(FITTED), drafts=(PLAIN, newer)) == "coverage"


def test_elements_are_chosen_apart_and_keep_their_order() -> None:
    drafts = [PLAIN, draft("coverage", "talk"), FITTED, draft("fitted-standard", "talk")]
    given = [verdict(drafts[3])]
    known = {(one.element, one.engine_version): one.fitness for one in given}
    made = chosen([measured(one, known) for one in drafts], given)
    assert [(one.element, one.engine.id) for one in made] == [
        ("plan", "coverage"),
        ("talk", "fitted-standard"),
    ]
