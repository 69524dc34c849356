"""Coverage of a set, comparison after practice, progress, consensus, and who may do what."""

from datetime import UTC, datetime

import pytest
from house_training import TEXT, credential, training_set, work

from reviewer.review.permission import Grant, Person, Role
from reviewer.training.comparing import compare
from reviewer.training.consensus import Voice, disagreed, key_of
from reviewer.training.permission import TrainingAct, may_train
from reviewer.training.policy import Policy
from reviewer.training.progress import Practised, firsts, grid
from reviewer.training.qualification import Answer
from reviewer.training.work import Part, Span, TrainingSet, coverage

# Coverage


def test_a_set_with_every_level_in_two_forms_has_no_gap() -> None:
    found = coverage(training_set(elements=2, levels=3, per_form=3))
    assert (found.gaps, found.uneven) == ((), ())
    assert found.counts[Part.FORM_A, "e1", 2.0] == 1


def test_a_set_that_lacks_a_level_says_which() -> None:
    made = credential(1, 3)
    works = [
        work(f"{form.value}{n}", form, {"e1": float(n)})
        for form in (Part.FORM_A, Part.FORM_B)
        for n in (0, 1)
    ]
    kept = TrainingSet("s", "A set", made, True, Policy(works_per_form=2), tuple(works))
    assert coverage(kept).gaps == ("No work of the two forms is at level 2 of 'Element 1'.",)


def test_a_form_with_too_few_works_is_a_gap() -> None:
    kept = training_set(per_form=9, policy=Policy())
    assert coverage(kept).gaps == (
        "Form A has 9 works; qualification needs 10.",
        "Form B has 9 works; qualification needs 10.",
    )


def test_forms_that_differ_are_said_to_but_may_be_used() -> None:
    made = credential(1, 2)
    keys = {Part.FORM_A: (0, 0, 1), Part.FORM_B: (0, 1, 1, 1)}
    works = [
        work(f"{form.value}{n}", form, {"e1": float(level)})
        for form, levels in keys.items()
        for n, level in enumerate(levels)
    ]
    found = coverage(TrainingSet("s", "A set", made, True, Policy(works_per_form=3), tuple(works)))
    assert found.gaps == ()
    assert found.uneven == ("Level 1 of 'Element 1' stands in 1 works of form A and 3 of form B.",)


def test_a_set_without_any_key_qualifies_nobody() -> None:
    made = training_set()
    bare = TrainingSet("s", "A set", made.credential, False, made.policy, ())
    assert "No work of this set has a key." in coverage(bare).gaps


@pytest.mark.parametrize(("elements", "levels"), [(1, 3), (25, 3), (2, 9)])
def test_one_element_twenty_five_and_nine_levels_can_be_covered(elements: int, levels: int) -> None:
    assert coverage(training_set(elements, levels, per_form=levels)).gaps == ()


def test_elements_that_no_work_can_show_are_not_asked_for() -> None:
    kept = TrainingSet(
        "s", "A set", credential(3), True, Policy(), (work("w", Part.PRACTICE, {"e2": 1.0}),)
    )
    assert [one.id for one in kept.asked] == ["e2"]


# Comparison


def test_a_comparison_has_steps_overlap_and_peers() -> None:
    (element, _) = credential().elements
    one = work("w", Part.PRACTICE, {"e1": 2.0})
    start = TEXT.index("Each")
    tag = Span(one.artifacts[0].id, start, start + len("Each child says one"))
    found = compare(element, one, 1.0, [tag], [2.0, 2.0, None])
    assert (found.steps, found.exact, found.adjacent) == (-1, False, True)
    assert found.overlap.f1 == pytest.approx(2 * 4 / (4 + 5))
    assert found.peers == {2.0: 2, None: 1}


def test_steps_are_levels_of_the_scale_not_points() -> None:
    half = (
        credential(1, 3)
        .elements[0]
        .model_copy(
            update={
                "levels": tuple(
                    level.model_copy(update={"value": value})
                    for level, value in zip(
                        credential(1, 3).elements[0].levels, (1.0, 1.5, 4.0), strict=True
                    )
                )
            }
        )
    )
    one = work("w", Part.PRACTICE, {"e1": 4.0})
    assert compare(half, one, 1.0, [], []).steps == -2


def test_fewer_than_three_others_are_not_shown() -> None:
    (element, _) = credential().elements
    one = work("w", Part.PRACTICE, {"e1": 2.0})
    assert compare(element, one, 1.0, [], [2.0, 2.0]).peers == {}


# Progress


def answered(name: str, day: int, *levels: float | None) -> Practised:
    answers = tuple(Answer(name, f"e{n}", level, 1.0) for n, level in enumerate(levels, start=1))
    return Practised(name, datetime(2026, 3, day, tzinfo=UTC), answers)


def test_progress_counts_the_first_time_of_a_work() -> None:
    given = [answered("w1", 3, 1.0), answered("w1", 1, 0.0), answered("w2", 2, 1.0)]
    assert [(one.work, one.exact) for one in firsts(given)] == [("w1", 0), ("w2", 1)]
    cell = grid(given)["e1", 1.0]
    assert (cell.value, cell.n) == (0.5, 2)


def test_a_cell_without_ratings_is_absent() -> None:
    assert grid([]) == {}


# Consensus


def voice(rater: str, level: float | None, *spans: Span, why: str = "") -> Voice:
    return Voice("e1", rater, level, why, spans)


def test_two_experts_who_agree_make_a_consensus() -> None:
    first, second = Span("a", 0, 4), Span("a", 6, 9)
    key = key_of([voice("ann", 2.0, first, second, why="Seen."), voice("ben", 2.0, first)])
    assert key["e1"].level == 2.0
    assert key["e1"].rationale == "Seen."
    assert key["e1"].excerpts == (first, second)


@pytest.mark.parametrize(
    "voices",
    [
        [voice("ann", 2.0)],
        [voice("ann", 2.0), voice("ann", 2.0)],
        [voice("ann", 2.0), voice("ben", 1.0)],
        [voice("ann", 2.0), voice("ben", 2.0), voice("cleo", 1.0)],
        [voice("ann", None), voice("ben", None)],
    ],
)
def test_one_voice_or_different_ones_or_nothing_to_see_make_none(voices: list[Voice]) -> None:
    assert key_of(voices) == {}


def test_where_experts_differ_is_told() -> None:
    assert disagreed([voice("ann", 2.0), voice("ben", 1.0)]) == {"e1"}
    assert disagreed([voice("ann", 2.0), voice("ben", 2.0)]) == frozenset()


# Permission


def person(*grants: Grant) -> Person:
    return Person("p", "ann", frozenset(grants))


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (Role.TRAINEE, {TrainingAct.PRACTISE}),
        (Role.EVALUATOR, {TrainingAct.PRACTISE}),
        (Role.TRAINER, {TrainingAct.KEEP_SETS}),
        (Role.ISSUER, {TrainingAct.REQUIRE}),
        (Role.ADJUDICATOR, set()),
        (Role.ADMINISTRATOR, set()),
    ],
)
def test_each_role_may_do_its_own_and_nothing_else(role: Role, acts: set[TrainingAct]) -> None:
    here, elsewhere = person(Grant(role, "c")), person(Grant(role, "d"))
    assert {one for one in TrainingAct if may_train(here, one, "c")} == acts
    assert not any(may_train(elsewhere, one, "c") for one in TrainingAct)


def test_who_keeps_the_sets_knows_the_keys_and_does_not_practise_on_them() -> None:
    both = person(Grant(Role.TRAINER, "c"), Grant(Role.EVALUATOR, "c"))
    assert not may_train(both, TrainingAct.PRACTISE, "c")
