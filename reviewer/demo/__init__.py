"""Ms. Brown's two submissions, shipped so that a first review can be seen without one's own files.

Invariant: everything here is synthetic; no pupil, teacher or school is meant (see NOTE.md). The
texts were written after the credential was committed, a second time since (NOTE.md says why), and
no sentence was chosen by what the search found.
"""

from pathlib import Path

from reviewer.demo.key import Key, KeyElement, KeySpan, KeySubmission, Turn, read_key_file

_HERE = Path(__file__).resolve().parent

CREDENTIAL = "morning-meetings-for-sel"
"""Id of the credential that both submissions are for."""

FIRST = _HERE / "submissions" / "first"
"""Folder of the first attempt: three recordings, plans, structure design, statement."""

SECOND = _HERE / "submissions" / "second"
"""Folder of the second attempt: revised plans and one new recording."""

TRAINING = _HERE / "training"
"""Folder of the synthetic training set for the credential (see its NOTE.md)."""

KEY = _HERE / "key.yaml"
"""The intended evidence and the speaker turns, as one file."""


def read_key() -> Key:
    """The intended evidence of both attempts, and who speaks when in their recordings."""
    return read_key_file(KEY)


__all__ = [
    "CREDENTIAL",
    "FIRST",
    "KEY",
    "SECOND",
    "TRAINING",
    "Key",
    "KeyElement",
    "KeySpan",
    "KeySubmission",
    "Turn",
    "read_key",
]
