"""What pydantic refuses in a credential, said to the person who wrote the file.

Invariant: every error of a `ValidationError` becomes one `Fault` with the line it stands in (or,
for a missing key, the line of what lacks it), in the order of the file; a misspelt key is
reported once, not also as a missing one.
"""

import difflib
from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reviewer.rubric.located import Fault, Located, Path
from reviewer.rubric.model import Credential


def faults_of(error: ValidationError, located: Located) -> tuple[Fault, ...]:
    """All faults of one file, by line; at least one."""
    details = error.errors(include_url=False)
    misspelt = {
        (*one["loc"][:-1], guess)
        for one in details
        if one["type"] == "extra_forbidden" and (guess := _close_key(one["loc"]))
    }
    around = {one["loc"][:length] for one in details for length in range(len(one["loc"]))}
    faults = [
        _fault(one, located)
        for one in details
        if not (one["type"] == "missing" and one["loc"] in misspelt)
        # pydantic counts only the valid entries of a list, so the count says nothing here
        and not (one["type"] == "too_short" and one["loc"] in around)
    ]
    return tuple(sorted(faults, key=lambda fault: fault.line))


def _fault(detail: ErrorDetails, located: Located) -> Fault:
    context = detail.get("ctx", {})
    path: Path = tuple(detail["loc"])
    if at := context.get("at"):
        path += tuple(int(part) if part.isdigit() else part for part in at.split("."))
    if detail["type"] == "extra_forbidden":
        message = _unknown_key(path)
    elif say := _SENTENCES.get(detail["type"]):
        message = say(context, detail["input"])
    else:
        message = detail["msg"][0].lower() + detail["msg"][1:]
    return Fault(located.line(path), path, message)


def _shown(value: object) -> str:
    """A value as it stands in the file, shortened."""
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:39] + "…")
    if value is None:
        return "empty"
    return "a list" if isinstance(value, list) else "a group of keys"


def _text_expected(_: Mapping[str, Any], value: object) -> str:
    if isinstance(value, dict):
        return "must be one text; a text with a colon in it needs quotes around the whole"
    return f"must be one text, and it is {_shown(value)}"


def _choice_expected(context: Mapping[str, Any], value: object) -> str:
    return f"must be {context['expected']}, and it is {_shown(value)}"


def _list_expected(_: Mapping[str, Any], value: object) -> str:
    return f"must be a list (each entry begins with -), and it is {_shown(value)}"


def _keys_expected(_: Mapping[str, Any], value: object) -> str:
    return f"must be a group of keys, such as `id: …`, and it is {_shown(value)}"


def _number_expected(_: Mapping[str, Any], value: object) -> str:
    return f"must be a number, such as 2 or 2.5, and it is {_shown(value)}"


def _whole_number_expected(_: Mapping[str, Any], value: object) -> str:
    return f"must be a whole number, and it is {_shown(value)}"


def _id_expected(_: Mapping[str, Any], value: object) -> str:
    return (
        f"{_shown(value)} cannot be an id; use letters a to z, digits, hyphen, underscore and dot, "
        "beginning with a letter or digit"
    )


def _plural(count: int, noun: str, plural: str) -> str:
    return f"{count} {noun if count == 1 else plural}"


_SENTENCES: dict[str, Callable[[Mapping[str, Any], object], str]] = {
    "missing": lambda _, __: "this key is needed and is not there; add it",
    "does_not_fit": lambda context, _: str(context["message"]),
    "string_type": _text_expected,
    "string_too_short": lambda _, __: "must not be empty; write a text",
    "string_too_long": lambda context, _: f"is longer than {context['max_length']} characters",
    "string_pattern_mismatch": _id_expected,
    "float_type": _number_expected,
    "float_parsing": _number_expected,
    "finite_number": _number_expected,
    "int_type": _whole_number_expected,
    "int_parsing": _whole_number_expected,
    "int_parsing_size": _whole_number_expected,
    "int_from_float": _whole_number_expected,
    "bool_type": lambda _, value: f"must be true or false, and it is {_shown(value)}",
    "bool_parsing": lambda _, value: f"must be true or false, and it is {_shown(value)}",
    "multiple_of": lambda _, value: f"must be whole or half points, such as 2 or 2.5, not {value}",
    "greater_than_equal": lambda context, value: f"must be {context['ge']:g} or more, not {value}",
    "greater_than": lambda context, value: f"must be more than {context['gt']:g}, not {value}",
    "less_than_equal": lambda context, value: f"must be {context['le']:g} or less, not {value}",
    "enum": _choice_expected,
    "literal_error": _choice_expected,
    "tuple_type": _list_expected,
    "model_type": _keys_expected,
    "model_attributes_type": _keys_expected,
    "too_short": lambda context, _: (
        f"needs at least {_plural(context['min_length'], 'entry', 'entries')}, "
        f"and has {context['actual_length']}"
    ),
}


def _unknown_key(path: Path) -> str:
    guess = _close_key(path)
    if guess:
        return f"this key is unknown; did you mean {guess!r}?"
    return f"this key is unknown; known here are {', '.join(_known_keys(path[:-1]))}"


def _close_key(path: Path) -> str | None:
    close = difflib.get_close_matches(str(path[-1]), _known_keys(path[:-1]), n=1)
    return close[0] if close else None


def _known_keys(path: Path) -> tuple[str, ...]:
    """The keys that a mapping at `path` may hold."""
    model: type[BaseModel] = Credential
    for part in path:
        if isinstance(part, str):
            model = _model_in(model.model_fields[part].annotation) or model
    return tuple(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model that an annotation such as ``tuple[Level, ...]`` or ``Stack | None`` holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(one) for one in get_args(annotation))
    return next((model for model in found if model), None)
