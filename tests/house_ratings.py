"""A made table of ratings in which everything that calibration looks at occurs; seeded, no data.

`made_ratings` draws ability per work, rounds it by raters of known severity and an engine of known
error. Levels 0 to 3, elements `plan`, `talk`, `share`; the engine is good on the first two and poor
on `share`.
"""

import numpy as np
import pandas as pd

ELEMENTS = ("plan", "talk", "share")
SEVERITY = {"ann": 0.4, "bob": 0.0, "cat": -0.4, "eve": 0.0}
ENGINE = "e" * 64
_ENGINE_ERROR = {"plan": 0.3, "talk": 0.3, "share": 1.6}


def made_ratings(works: int = 240, seed: int = 3, drift: bool = False) -> pd.DataFrame:
    """The long table of text cells: an expert and an evaluator on every work, and the engine.

    Every fourth work is a second attempt of the candidate before. With `drift` the engine gives a
    level more from the last month on.
    """
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for work in range(works):
        second = work % 4 == 3
        candidate = f"C{work - second:04}"
        month = 1 + work * 8 // works
        common = {
            "submission": f"S{work:04}", "attempt": 1 + second, "candidate": candidate,
            "timestamp": f"2026-{month:02}-{1 + work % 28:02}T10:00:00Z", "rubric_version": "1",
        }  # fmt: skip
        ability = rng.normal(1.5, 1.0)
        for element in ELEMENTS:
            true = ability + rng.normal(0, 0.3)
            rater = ("ann", "bob", "cat")[work % 3]
            said = {
                one: _level(true - SEVERITY[one] + rng.normal(0, 0.3)) for one in (rater, "eve")
            }
            error = rng.normal(0, _ENGINE_ERROR[element])
            draft = _level(true + error + (1.0 if drift and month == 8 else 0.0))
            base = {**common, "element": element}
            rows.append({**base, "rater": "eve", "rater_type": "expert", "score": said["eve"]})
            blind = {"rater": rater, "rater_type": "evaluator", "active_s": 90 + work % 20}
            rows.append({**base, **blind, "score": said[rater]})
            sure = np.clip(0.9 - abs(error) / 3 + rng.normal(0, 0.05), 0.05, 0.99)
            rows.append(
                {**base, "rater": "model", "rater_type": "engine", "score": draft,
                 "engine_version": ENGINE, "confidence": round(float(sure), 3)}
            )  # fmt: skip
            final = draft if rng.random() < 0.3 else said[rater]
            rows.append(
                {**base, **blind, "score": final, "phase": "final", "aid": "draft",
                 "active_s": 60 + work % 20}
            )  # fmt: skip
    usual = {"phase": "blind", "aid": "none"}
    columns = dict.fromkeys(key for row in rows for key in row)
    return pd.DataFrame(
        [{key: str(row.get(key, usual.get(key, ""))) for key in columns} for row in rows]
    )


def subgroups(table: pd.DataFrame) -> bytes:
    """A file of subgroups: candidate and first language."""
    candidates = sorted(set(table["candidate"]))
    lines = [f"{one},{('English', 'Spanish')[at % 2]}" for at, one in enumerate(candidates)]
    return ("candidate,language\n" + "\n".join(lines) + "\n").encode()


def _level(score: float) -> int:
    return int(np.clip(round(score), 0, 3))
