"""The pass decision in a calibration report is the one that reviews end in."""

from itertools import product

import pytest

from reviewer.calibration.ratings import make_ratings, read_table
from reviewer.calibration.report.outcomes import outcomes
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


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["kind"]))
def test_every_set_of_levels_ends_as_its_review_would(rule: dict[str, object]) -> None:
    sets = list(product(range(3), repeat=len(ELEMENTS)))
    rows = [
        f"s{at},{element},ann,{level}"
        for at, levels in enumerate(sets)
        for element, level in zip(ELEMENTS, levels, strict=True)
    ]
    text = "\n".join(["submission,element,rater,score", *rows]).encode()
    made = outcomes(make_ratings(read_table(text, "t.csv"), "t.csv").frame, credential(rule))
    found = dict(zip(made["submission"], made["passed"], strict=True))
    for at, levels in enumerate(sets):
        given = dict(zip(ELEMENTS, map(float, levels), strict=True))
        awarded = verdict(credential(rule), given).outcome is Outcome.AWARDED
        assert found[f"s{at}"] == float(awarded)


def test_a_work_of_which_a_needed_element_is_not_rated_has_no_outcome() -> None:
    text = b"submission,element,rater,score\ns,plan,ann,1\nt,plan,ann,1\nt,talk,ann,1\n"
    frame = make_ratings(read_table(text, "t.csv"), "t.csv").frame
    assert outcomes(frame, credential(RULES[0]))["submission"].tolist() == ["t"]
