"""The rules of qualification as data: cuts, sizes, retries and seasons.

Invariant: every rule has a default that is right for a small program, and each can be changed for
one training set without touching code. Source of the cuts: NAEP qualifies scorers by exact
agreement of 90 % on two levels, 80 % on three and 70 % on four to six.
"""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from reviewer.errors import TrainingError

LEAP_YEAR = 2024


class Policy(BaseModel):
    """Rules of one training set; shares are in [0, 1], times in days."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    cuts: Mapping[int, float] = Field(
        default={2: 0.9, 3: 0.8, 4: 0.7, 5: 0.7, 6: 0.7},
        description="Least exact agreement by the number of an element's levels.",
    )
    cut_beyond: float = Field(
        default=0.7, gt=0, le=1, description="The same for a number of levels not in `cuts`."
    )
    works_per_form: int = Field(
        default=10, ge=1, description="Fewest works of each of the two forms."
    )
    fewest_ratings: int = Field(
        default=20, ge=1, description="Ratings below which the verdict is insufficient data."
    )
    practice_works: int = Field(
        default=4, ge=0, description="Works practised before each attempt, since the last one."
    )
    wait_days: int = Field(default=7, ge=0, description="Days from a failed attempt to the next.")
    attempts: int = Field(default=3, ge=1, description="Most attempts of one season.")
    seasons: tuple[str, ...] = Field(
        default=("08-01",), min_length=1, description="Days (MM-DD, UTC) on which a season begins."
    )
    early_days: int = Field(
        default=30, ge=0, description="Days before a season in which one qualifies for it already."
    )

    @field_validator("cuts")
    @classmethod
    def _shares(cls, cuts: Mapping[int, float]) -> Mapping[int, float]:
        if any(levels < 2 or not 0 < share <= 1 for levels, share in cuts.items()):
            raise ValueError("cuts go from a number of levels (2 or more) to a share in (0, 1]")
        return cuts

    @field_validator("seasons")
    @classmethod
    def _days(cls, seasons: tuple[str, ...]) -> tuple[str, ...]:
        for one in seasons:
            # A day that not every year has could not begin a season in every year.
            if one == "02-29" or len(one) != len("MM-DD"):
                raise ValueError(f"a season begins on a day of every year such as 08-01, not {one}")
            date.fromisoformat(f"{LEAP_YEAR}-{one}")
        return seasons

    def cut(self, levels: int) -> float:
        """The least exact agreement for an element of so many levels."""
        return self.cuts.get(levels, self.cut_beyond)


def read_policy(values: object, where: str) -> Policy:
    """The rules in plain values; raises `TrainingError` naming `where` and the first mistake."""
    try:
        return Policy.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the rules"
        said = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise TrainingError(f"{where}, {key}: {said[0].lower()}{said[1:]}; change it.") from error
