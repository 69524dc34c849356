"""Verdicts as a file of JSON, with the thresholds that they were given under.

Invariant: equal verdicts give equal bytes; every check that decided stands in the file.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from reviewer.calibration.gate.thresholds import Thresholds
from reviewer.calibration.gate.verdict import Verdict


def verdicts_json(given: Sequence[Verdict], thresholds: Thresholds) -> bytes:
    """The file, in UTF-8."""
    values = {
        "schema": "urn:reviewer:verdicts:1",
        "thresholds": thresholds.model_dump(),
        "verdicts": [asdict(one) for one in given],
    }
    return (json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
