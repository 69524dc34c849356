"""Whether a text is in the language this engine reads: English.

Invariant: a verdict needs at least FEWEST words; a shorter text is taken as English.
"""

from enum import StrEnum

from reviewer.evidence.dictionary import is_word
from reviewer.evidence.words import words
from reviewer.intake.artifact import Artifact
from reviewer.scoring import lexicon

FEWEST = 20  # words
ENGLISH_FUNCTION = 0.15  # share of English function words that English text always exceeds
ENGLISH_KNOWN = 0.5  # share of words an English dictionary knows
OTHER_FUNCTION = 0.12  # share of another language's small words
OTHER_SCRIPT = 0.3  # share of letters outside the Latin alphabet


class Language(StrEnum):
    """What a text is written in, as far as this engine cares."""

    ENGLISH = "English"
    OTHER = "another language"
    NONE = "no language"


def language_of(artifact: Artifact) -> Language:
    """The language of an artifact: as heard in a recording, else told from its words."""
    heard = artifact.hearing.language if artifact.hearing else None
    if heard is not None:
        return Language.ENGLISH if heard.lower().startswith("en") else Language.OTHER
    low = [word for word in words(artifact.text) if word[0].isalpha()]
    if len(low) < FEWEST:
        return Language.ENGLISH
    letters = [letter for word in low for letter in word if letter.isalpha()]
    if sum(letter > "ɏ" for letter in letters) >= OTHER_SCRIPT * len(letters):
        return Language.OTHER
    english = sum(word in lexicon.FUNCTION_WORDS for word in low)
    known = sum(is_word(word) for word in low)
    other = sum(word in lexicon.OTHER_LANGUAGES for word in low)
    if known >= ENGLISH_KNOWN * len(low) or english >= max(ENGLISH_FUNCTION * len(low), other):
        return Language.ENGLISH
    return Language.OTHER if other >= OTHER_FUNCTION * len(low) else Language.NONE
