"""Recordings to transcripts: voice activity, recognition by one of two engines, anonymous turns.

Invariant: importing this package loads no model library; an engine is loaded by `load_engine`.
"""

from reviewer.intake.speech.engines import EngineKind, SpeechEngine, load_engine
from reviewer.intake.speech.listening import transcribe
from reviewer.intake.speech.speakers import SpeakerModel, load_speaker_model

VERSION = "1"
"""Of everything here that shapes a transcript; raised when equal sound gives another one."""

__all__ = [
    "VERSION",
    "EngineKind",
    "SpeakerModel",
    "SpeechEngine",
    "load_engine",
    "load_speaker_model",
    "transcribe",
]
