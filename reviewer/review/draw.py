"""Draws that can be made again: a number that follows from a seed and from what it is about.

Invariant: the same seed and the same names give the same number on every machine, in whatever
order they are drawn; so a draw that was recorded can be checked by anybody.
"""

import hashlib
import json

SEEDS = 2**31
"""Seeds are whole numbers in [0, SEEDS)."""


def drawn(seed: int, *about: str) -> float:
    """A number in [0, 1) that is as good as random over seeds and over names (SHA-256)."""
    digest = hashlib.sha256(json.dumps([seed, *about], ensure_ascii=False).encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53  # as many bits as a float holds
