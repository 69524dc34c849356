"""The pass decision in a calibration report is the one that reviews end in."""

from itertools import product

import pandas as pd
import pytest

from reviewer.calibration.ratings import Ratings, make_ratings, read_table
from reviewer.calibration.report import Options, Report, calibrate
from reviewer.calibration.report.outcomes import outcomes
from reviewer.export.calibration import calibration_html
from reviewer.review.outcome import Outcome, verdict
from reviewer.rubric import Credential

ELEMENTS = ("plan", "talk", "room")
RULES = (
    {"kind": "every_element"},
    {"kind": "all_but", "but": 1},
    {"kind": "minimum_sum", "minimum": 4},
)


def credential(rule: dict[str, object]) -> Credential:
    levels = [{"value": value, "descriptor": f"level {value}"} for value in range(3)]
    elements = [
        {"id": one, "title": one, "levels": levels}
        | ({"required_level": 1} if one != "room" else {})
        for one in ELEMENTS
    ]
    made = {"id": "made", "version": "1", "title": "Made", "decision": rule, "elements": elements}
    return Credential.model_validate(made)


def written(works: dict[str, tuple[float | None, ...]], rater: str = "ann") -> list[str]:
    """Lines of a long table; a level that is null was found not observable."""
    return [
        f"{work},{element},{rater},{'' if level is None else level},{level is None}"
        for work, levels in works.items()
        for element, level in zip(ELEMENTS, levels, strict=True)
    ]


def table(lines: list[str]) -> Ratings:
    text = "\n".join(["submission,element,rater,score,not_observable", *lines]).encode()
    return make_ratings(read_table(text, "t.csv"), "t.csv")


def ratings(works: dict[str, tuple[float | None, ...]]) -> pd.DataFrame:
    return table(written(works)).frame


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["kind"]))
def test_every_set_of_levels_ends_as_its_review_would(rule: dict[str, object]) -> None:
    sets = list(product((0.0, 1.0, 2.0, None), repeat=len(ELEMENTS)))  # None: not observable
    made = outcomes(ratings({f"s{at}": levels for at, levels in enumerate(sets)}), credential(rule))
    found = dict(zip(made["submission"], made["passed"], strict=True))
    looked_at = ELEMENTS if rule["kind"] == "minimum_sum" else ELEMENTS[:2]
    unseen = dict(zip(made["submission"], made["unseen"], strict=True))
    for at, levels in enumerate(sets):
        given = dict(zip(ELEMENTS, levels, strict=True))
        awarded = verdict(credential(rule), given).outcome is Outcome.AWARDED
        assert found[f"s{at}"] == float(awarded)
        assert unseen[f"s{at}"] == any(given[one] is None for one in looked_at)


def test_a_work_of_which_a_needed_element_is_not_rated_has_no_outcome() -> None:
    text = b"submission,element,rater,score\ns,plan,ann,1\nt,plan,ann,1\nt,talk,ann,1\n"
    frame = make_ratings(read_table(text, "t.csv"), "t.csv").frame
    assert outcomes(frame, credential(RULES[0]))["submission"].tolist() == ["t"]


def measured() -> Report:
    met, unmet, unseen = (2.0, 2.0, 2.0), (0.0, 2.0, 2.0), (None, 2.0, 2.0)
    ann = {"a": met, "b": unmet, "c": unseen, "d": unseen, "e": (2.0, 2.0, None)}
    bob = {"a": met, "b": unseen, "c": met, "d": unseen, "e": met}
    both = table(written(ann) + written(bob, "bob"))
    options = Options(credential=credential(RULES[0]), resamples=20)
    return calibrate(both, "t.csv", "0" * 64, options)


def test_works_in_which_an_element_was_not_observable_are_compared_and_counted() -> None:
    (people,) = measured().decisions
    same = people.statistics["same_decision"]
    assert same.n == 5, "a work with an element that nobody could see has an outcome: not met"
    assert same.value == 0.8, "ann and bob differ on work c alone"
    assert people.not_observable == 3, "the rule does not look at the room of work e"


@pytest.mark.slow
def test_the_page_says_in_how_many_works_an_element_was_not_observable() -> None:
    assert "in 3 of these works somebody found an element" in calibration_html(measured())


def test_not_observable_after_the_draft_was_seen_makes_no_outcome() -> None:
    lines = [f"{line},blind,none" for line in written({"a": (2.0, 2.0, 2.0)})]
    lines += [f"{line},blind,draft" for line in written({"a": (None, 2.0, 2.0)}, "bob")]
    text = "submission,element,rater,score,not_observable,phase,aid\n" + "\n".join(lines)
    made = make_ratings(read_table(text.encode(), "t.csv"), "t.csv")
    options = Options(credential=credential(RULES[0]), resamples=20)
    assert calibrate(made, "t.csv", "0" * 64, options).decisions == ()
