"""IMS CASE `CFRubric` JSON (1EdTech CASE 1.0 and 1.1): one rubric, a list, or a whole package.

``CFRubric{title, description, CFRubricCriteria[{category, description, position,
CFRubricCriterionLevels[{quality, description, score, position}]}]}``. Criteria and levels stand in
the order of their positions; a level without a score counts by its place.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from reviewer.rubric.importing.foreign import Criterion, Foreign, Rating
from reviewer.rubric.located import Fault, Located, Path

_CRITERIA, _LEVELS = "CFRubricCriteria", "CFRubricCriterionLevels"

_Part = tuple[Path, Mapping[str, object]]


def is_case(values: Mapping[str, object]) -> bool:
    """Whether the top of a JSON file is that of a CASE rubric or package."""
    return bool({_CRITERIA, "CFRubrics", "CFRubric"} & values.keys())


def read_case(file: Located, wanted: str | None) -> Foreign:
    """The rubric in `file` (titled `wanted`, where there are several); raises `Fault`."""
    rubrics = _rubrics(file)
    titles = [_text(values, "title") for _, values in rubrics]
    if not rubrics:
        raise Fault(1, (), "there is no rubric in the list CFRubrics")
    if wanted is None and len(rubrics) > 1:
        raise Fault(
            1,
            (),
            f"the file holds {len(rubrics)} rubrics ({', '.join(titles)}); name one to import",
        )
    chosen = next(
        (one for one, title in zip(rubrics, titles, strict=True) if title == wanted), None
    )
    if wanted is not None and chosen is None:
        raise Fault(1, (), f"there is no rubric {wanted!r}; there is {', '.join(titles)}")
    path, values = chosen or rubrics[0]
    title = _text(values, "title")
    if not title:
        raise Fault(file.line(path), (*path, "title"), "the rubric has no title")
    parts = _parts(file, path, values, _CRITERIA)
    notes: list[str] = []
    if any(_text(one, "weight") not in ("", "1", "1.0") for _, one in parts):
        notes.append("Weights of criteria are left out: levels count as they are.")
    criteria = tuple(_criterion(file, part, notes) for part in parts)
    return Foreign(
        title, _text(values, "description"), criteria, tuple(dict.fromkeys(notes)), "IMS CASE"
    )


def _rubrics(file: Located) -> list[_Part]:
    top: Mapping[str, object] = file.values
    if _CRITERIA in top:
        return [((), top)]
    if "CFRubric" in top:
        return [_part(file, ("CFRubric",), top["CFRubric"])]
    return _parts(file, (), top, "CFRubrics")


def _parts(file: Located, path: Path, values: Mapping[str, object], key: str) -> list[_Part]:
    """The mappings in the list `key`, by position where each has one."""
    found = values.get(key, [])
    if not isinstance(found, list):
        raise Fault(file.line((*path, key)), (*path, key), "must be a list")
    parts = [_part(file, (*path, key, at), one) for at, one in enumerate(found)]
    places = [_number(_text(one, "position")) for _, one in parts]
    if None in places:
        return parts
    ordered = sorted(zip(cast(Sequence[float], places), range(len(parts)), strict=True))
    return [parts[at] for _, at in ordered]


def _part(file: Located, path: Path, value: object) -> _Part:
    if not isinstance(value, dict):
        raise Fault(file.line(path), path, "must be a group of keys in braces")
    return path, value


def _criterion(file: Located, part: _Part, notes: list[str]) -> Criterion:
    path, values = part
    category, words = _text(values, "category"), _text(values, "description")
    if not (category or words):
        raise Fault(file.line(path), path, "the criterion has neither category nor description")
    levels = _parts(file, path, values, _LEVELS)
    scored = [bool(_text(one, "score")) for _, one in levels]
    if any(scored) and not all(scored):
        raise Fault(file.line(path), path, "some of its levels have a score and some have none")
    if levels and not any(scored):
        notes.append("Levels without a score count 0, 1, 2 … by their positions.")
    ratings = []
    for at, (place, one) in enumerate(levels):
        quality, descriptor = _text(one, "quality"), _text(one, "description")
        score = _text(one, "score") or str(at)
        ratings.append(Rating(score, quality, descriptor or quality, file.line(place)))
    title, question = (category, words) if category else (words, "")
    return Criterion(title, question, tuple(ratings), file.line(path))


def _text(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
