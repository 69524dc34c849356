"""Credentials of any size: elements ``e1`` to ``eN``, each with the same levels from 0."""

from reviewer.rubric import Credential


def graded(
    elements: int,
    levels: int,
    required: float | None = None,
    minimum: float | None = None,
    **more: object,
) -> Credential:
    """A credential whose rule asks for `required` in every element, for a sum, or for nothing."""
    rule: dict[str, object] | None = None
    if required is not None:
        rule = {"kind": "every_element"}
    if minimum is not None:
        rule = {"kind": "minimum_sum", "minimum": minimum}
    return Credential.model_validate(
        {
            "id": "graded",
            "version": "1",
            "title": "Graded work",
            "elements": [
                {
                    "id": f"e{number}",
                    "title": f"Element {number}",
                    "required_level": required,
                    "levels": [
                        {"value": value, "descriptor": f"Level {value} of element {number}."}
                        for value in range(levels)
                    ],
                }
                for number in range(1, elements + 1)
            ],
            "decision": rule,
            **more,
        }
    )
