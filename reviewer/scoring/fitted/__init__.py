"""A scorer fitted to expert ratings: additive over segments, so its citations are its reasons."""
