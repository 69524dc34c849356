"""What changed from one version of a credential to another, place by place.

Invariant: two credentials without a difference are equal, and the other way round. Parts with an id
are followed by it, levels by their value, so a new element is one difference and not a shift of all
that follow.
"""

from dataclasses import dataclass
from typing import Any, Literal

from reviewer.rubric.model import Credential


@dataclass(frozen=True, slots=True)
class Difference:
    """One place: `before` and `after` as text, empty where it was not there."""

    place: str
    kind: Literal["added", "removed", "changed"]
    before: str
    after: str


def differences(before: Credential, after: Credential) -> tuple[Difference, ...]:
    """What is different in `after`, in its order; what was removed comes last."""
    old, new = _places(before), _places(after)
    found = [
        Difference(place, "changed" if place in old else "added", old.get(place, ""), text)
        for place, text in new.items()
        if old.get(place) != text
    ]
    found += [
        Difference(place, "removed", text, "") for place, text in old.items() if place not in new
    ]
    return tuple(found)


def _places(credential: Credential) -> dict[str, str]:
    found: dict[str, str] = {}
    _flatten(credential.model_dump(mode="json", exclude_defaults=True), "", found)
    return found


def _flatten(value: Any, place: str, found: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, one in value.items():
            _flatten(one, f"{place} · {key}" if place else key, found)
        return
    if not isinstance(value, list):
        found[place] = f"{value:g}" if isinstance(value, float) else str(value)
        return
    names = [_name(one) for one in value]
    if None in names:
        for number, one in enumerate(value, 1):
            _flatten(one, f"{place} · {number}", found)
        return
    found[f"{place} · order"] = ", ".join(map(str, names))
    for name, one in zip(names, value, strict=True):
        rest = {key: each for key, each in one.items() if key not in ("id", "value")}
        _flatten(rest, f"{place} · {name}", found)


def _name(one: Any) -> str | None:
    """What a part of a list is followed by: its id, a level's value."""
    if isinstance(one, dict) and "id" in one:
        return str(one["id"])
    if isinstance(one, dict) and "value" in one:
        return f"{one['value']:g}"
    return None
