"""Qualification: exact agreement over two forms against the cut, never on too few ratings."""

import pytest
from house_training import credential
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import TrainingError
from reviewer.rubric import Element
from reviewer.training.policy import Policy, read_policy
from reviewer.training.qualification import Answer, Result, Verdict, judge

POLICY = Policy()


def answers(
    element: Element, right: int, wrong: int, first: int = 0, per_work: int = 1
) -> list[Answer]:
    """`right` exact and `wrong` adjacent ratings of an element, all keyed at its lowest level."""
    return [
        Answer(
            f"w{first + number // per_work}",
            element.id,
            element.values[0 if number < right else 1],
            element.values[0],
        )
        for number in range(right + wrong)
    ]


def judged(levels: int, right: int, wrong: int, policy: Policy = POLICY) -> Result:
    elements = credential(1, levels).elements
    return judge(elements, answers(elements[0], right, wrong), policy)


@pytest.mark.parametrize(
    ("levels", "right", "verdict"),
    [
        (2, 18, Verdict.QUALIFIED),  # NAEP: 90 % on two levels
        (2, 17, Verdict.NOT_QUALIFIED),
        (3, 16, Verdict.QUALIFIED),  # 80 % on three
        (3, 15, Verdict.NOT_QUALIFIED),
        (4, 14, Verdict.QUALIFIED),  # 70 % on four to six
        (6, 13, Verdict.NOT_QUALIFIED),
        (9, 14, Verdict.QUALIFIED),  # not in the list: the cut beyond it
        (9, 13, Verdict.NOT_QUALIFIED),
    ],
)
def test_the_cut_follows_from_the_number_of_levels(
    levels: int, right: int, verdict: Verdict
) -> None:
    assert judged(levels, right, 20 - right).verdict is verdict


def test_fewer_than_twenty_ratings_are_insufficient_data_even_if_all_are_right() -> None:
    result = judged(3, 19, 0)
    assert result.verdict is Verdict.INSUFFICIENT_DATA
    assert result.because == "19 ratings are too few to tell; 20 are needed."
    assert judge(credential().elements, [], POLICY).exact is None


def test_cuts_are_data() -> None:
    strict = read_policy({"cuts": {"3": 0.95}, "fewest_ratings": "10"}, "rules")
    assert judged(3, 9, 1, strict).verdict is Verdict.NOT_QUALIFIED
    assert judged(3, 10, 0, strict).verdict is Verdict.QUALIFIED


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"cuts": {"3": 80}}, r"rules, cuts: cuts go from a number of levels"),
        ({"cuts": {"1": 0.8}}, r"rules, cuts: cuts go from a number of levels"),
        ({"wait": 3}, r"rules, wait: extra inputs are not permitted; change it\."),
        ({"seasons": ["02-29"]}, r"rules, seasons: a season begins on a day of every year"),
        ({"seasons": ["13-01"]}, r"rules, seasons: .*; change it\."),
        ({"seasons": []}, r"rules, seasons: .*; change it\."),
        ("none", r"rules, the rules: .*; change it\."),
    ],
)
def test_rules_that_cannot_be_used_are_one_sentence(values: object, says: str) -> None:
    with pytest.raises(TrainingError, match=says):
        read_policy(values, "rules")


def test_elements_of_different_scales_share_a_cut_weighted_by_their_ratings() -> None:
    two, nine = credential(2, 2).elements[0], credential(2, 9).elements[1]
    given_ = answers(two, 9, 1) + answers(nine, 21, 9, first=10)
    result = judge([two, nine], given_, POLICY)
    assert result.required == pytest.approx((10 * 0.9 + 30 * 0.7) / 40)
    assert result.verdict is Verdict.QUALIFIED  # 30 of 40 = 75 %, exactly the cut
    assert [one.cut for one in result.elements] == [0.9, 0.7]


def test_not_observable_is_neither_exact_nor_adjacent() -> None:
    (element,) = credential(1, 3).elements
    result = judge([element], [Answer("w", "e1", None, 0.0)], POLICY)
    assert result.exact is not None
    assert result.adjacent is not None
    assert (result.exact.value, result.adjacent.value) == (0.0, 0.0)


def test_the_interval_of_independent_ratings_is_wilsons() -> None:
    """16 of 20: .584 to .919 (Newcombe 1998, Statistics in Medicine 17, method 3, computed)."""
    exact = judged(3, 16, 4).exact
    assert exact is not None
    assert (round(exact.low, 3), round(exact.high, 3)) == (0.584, 0.919)


def test_ratings_of_one_work_count_as_fewer_than_ratings_of_many() -> None:
    (element,) = credential(1, 3).elements
    alone = judge([element], answers(element, 15, 10), POLICY).exact
    together = judge([element], answers(element, 15, 10, per_work=5), POLICY).exact
    assert alone is not None
    assert together is not None
    assert alone.value == together.value
    assert together.high - together.low > alone.high - alone.low


@pytest.mark.parametrize("elements", [1, 25])
def test_a_credential_may_have_one_element_or_twenty_five(elements: int) -> None:
    made = credential(elements, 3).elements
    given_ = [one for element in made for one in answers(element, 20, 0)]
    result = judge(made, given_, POLICY)
    assert result.verdict is Verdict.QUALIFIED
    assert (
        result.because
        == f"{20 * elements} of {20 * elements} ratings are exactly the key's "
        + ("(100%); 80% are needed.")
    )
    assert len(result.elements) == elements


@settings(deadline=None)
@given(st.integers(2, 12), st.integers(0, 60), st.integers(0, 60))
def test_a_verdict_never_contradicts_its_numbers(levels: int, right: int, wrong: int) -> None:
    result = judged(levels, right, wrong)
    n = right + wrong
    assert (result.verdict is Verdict.INSUFFICIENT_DATA) == (n < 20)
    if n >= 20:
        assert result.exact is not None
        assert result.exact.low <= result.exact.value <= result.exact.high
        reached = right >= POLICY.cut(levels) * n - 1e-6
        assert (result.verdict is Verdict.QUALIFIED) == reached


@settings(deadline=None)
@given(st.data())
def test_one_more_right_rating_never_takes_a_qualification_away(data: st.DataObject) -> None:
    right, wrong = data.draw(st.integers(20, 60)), data.draw(st.integers(1, 20))
    if judged(3, right, wrong).verdict is Verdict.QUALIFIED:
        assert judged(3, right + 1, wrong - 1).verdict is Verdict.QUALIFIED
