"""From excerpts to a draft score per element, or an honest reason why there is none."""
