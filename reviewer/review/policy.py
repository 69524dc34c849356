"""What an issuer decides about reviews of a credential, apart from its rubric.

Invariant: pure. A work keeps the policy that it was distributed under, so a change applies to the
works that are distributed after it; what is not set is as the credential's file says.
"""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from reviewer.review.routing import Routing
from reviewer.rubric import Credential, ReviewMode


class Policy(BaseModel):
    """One version of a program's policy; the defaults are those of the field."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    review_mode: ReviewMode | None = Field(
        default=None, description="What evaluators see first; null is as the credential says."
    )
    turnaround_days: int | None = Field(
        default=None, ge=1, le=365, description="Days to answer in; null is as the credential says."
    )
    time_zone: str = Field(
        default="UTC", description="Where the program's days begin, such as America/Chicago."
    )
    validity: float = Field(
        default=0.05, ge=0, le=0.5, description="Share of works beside which a validity work goes."
    )
    routing: Routing = Routing()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {name!r}, such as America/Chicago") from error
        return name


def under(policy: Policy | None, credential: Credential) -> Credential:
    """The credential as a work under `policy` is reviewed; its rubric hash is the same."""
    if policy is None:
        return credential
    changed = {
        key: value
        for key in ("review_mode", "turnaround_days")
        if (value := getattr(policy, key)) is not None
    }
    return credential.model_copy(update=changed) if changed else credential
