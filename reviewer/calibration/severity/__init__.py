"""Rater effects by the many-facet Rasch model: severity, centrality, halo, with intervals."""

from reviewer.calibration.severity.design import MOST_RATINGS, Design, design
from reviewer.calibration.severity.effects import (
    Estimate,
    RaterEffect,
    RaterEffects,
    Stretch,
    rater_effects,
)

__all__ = [
    "MOST_RATINGS",
    "Design",
    "Estimate",
    "RaterEffect",
    "RaterEffects",
    "Stretch",
    "design",
    "rater_effects",
]
