"""The report as JSON and back, and the schema of it.

Invariant: equal reports give equal bytes; numbers have at most four decimals and none is NaN; an
interval is never written narrower than it is. The schema is made from the classes of `model`, so it
cannot differ from what is written.
"""

import hashlib
import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reviewer.calibration.report.model import Report
from reviewer.calibration.rounding import downward, upward
from reviewer.errors import PolicyError

DECIMALS = 4
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def _adapter() -> "TypeAdapter[Report]":
    return TypeAdapter(Report)


def report_json(report: Report) -> bytes:
    """The report as its file, in UTF-8."""
    values = _rounded(_adapter().dump_python(report, mode="json"))
    text = json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def read_report(data: bytes, name: str) -> Report:
    """The report in a file that `report_json` wrote; raises `PolicyError` for any other."""
    try:
        return _adapter().validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"])) or "its beginning"
        raise PolicyError(
            f"{name} is no report of `reviewer calibrate --json` ({first['msg'].rstrip('.')} at "
            f"{at}); make it again."
        ) from error


def report_hash(data: bytes) -> str:
    """SHA-256 (hex) of a report's file: what a verdict names as the report it rests on."""
    return hashlib.sha256(data).hexdigest()


def report_schema() -> str:
    """The JSON Schema of the report, as the text of its file."""
    schema = {"$schema": _DIALECT, **_adapter().json_schema(mode="serialization")}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _rounded(value: Any, key: str = "") -> Any:
    if isinstance(value, float):
        return _outward(value, key) + 0.0  # adding zero makes -0.0 a plain 0.0
    if isinstance(value, dict):
        return {key: _rounded(one, key) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def _outward(value: float, key: str) -> float:
    """`value` in few decimals: the ends of an interval away from it, all else to the nearest."""
    if key.endswith("low"):
        return downward(value, DECIMALS)
    if key.endswith("high"):
        return upward(value, DECIMALS)
    return round(value, DECIMALS)
