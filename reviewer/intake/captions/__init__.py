"""Captions in, a `Transcript` out: WEBVTT and SRT, with speakers as meeting recorders name them.

Invariant: no spoken word is changed, added or lost; what is taken away is markup (tags, entities,
cue identifiers, settings, comments), the speaker's name, and rows that a rolling display repeats.
"""

from reviewer.intake.captions.names import prefix_of_a_name
from reviewer.intake.captions.reading import read_captions

__all__ = ["prefix_of_a_name", "read_captions"]
