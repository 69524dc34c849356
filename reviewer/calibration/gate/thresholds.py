"""What a draft must reach before it may be shown: the defaults of the field, or an issuer's YAML.

Invariant: every threshold has a source or is the issuer's own; a file may set some keys, and the
rest keep their defaults. Unknown keys are refused, so a typing error cannot loosen the gate.
"""

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reviewer.errors import PolicyError


class Thresholds(BaseModel):
    """Thresholds on the machine, per element.

    QWK, degradation and |SMD|: Williamson, Xi & Breyer (2012); |DSM|: RSMTool 7 and later. Each is
    compared with the confidence bound on the unfavourable side.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    qwk: float = Field(default=0.70, ge=0, le=1, description="Least QWK of engine with people.")
    degradation: float = Field(
        default=0.10, ge=0, le=1, description="Most that QWK may fall below that between people."
    )
    smd: float = Field(
        default=0.15, ge=0, description="Most standardized mean difference engine - people, ±."
    )
    dsm: float = Field(
        default=0.10, ge=0, description="Most difference of standardized means in a subgroup, ±."
    )
    works: int = Field(default=100, ge=10, description="Fewest works with blind expert ratings.")
    double_scored: int = Field(
        default=50, ge=2, description="Fewest of these scored by two people."
    )
    at_level: int = Field(
        default=10, ge=1, description="Fewest works at each of two levels of the reference."
    )
    subgroup: int = Field(default=30, ge=2, description="Fewest works in a subgroup for DSM.")


def read_thresholds(data: bytes, name: str) -> Thresholds:
    """The thresholds in a YAML file; raises `PolicyError` naming the key."""
    try:
        values = yaml.safe_load(data.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"{name} is no YAML in UTF-8 ({str(error).splitlines()[0]}).") from error
    if values is None:
        return Thresholds()
    if not isinstance(values, dict):
        raise PolicyError(f"{name} must hold lines such as `qwk: 0.7`.")
    try:
        return Thresholds.model_validate(values, strict=True)  # yes is no number
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        known = ", ".join(Thresholds.model_fields)
        raise PolicyError(
            f"{name}, {key}: {first['msg'].rstrip('.').lower()}; the keys are {known}."
        ) from error
