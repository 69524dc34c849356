"""Faults of grammar that neighboring words give away: impossible order, and missing agreement.

Invariant: a count, from neighboring words alone; few sentences of careful English have any, and a
sentence without one is not thereby correct.
"""

from collections.abc import Sequence
from itertools import pairwise


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What cannot follow an article, a preposition or a subject pronoun, or end a sentence.
_ARTICLES = _set("a an the my your our their every")
_NOT_AFTER_ARTICLE = _set("""
    of in on at to from by with for and or but if because is am are was were be been do does did has
    have had will would can could he she they we it i me us him them that which who the a an my your
    our their not than then so
""")
_PREPOSITIONS = _set("of from into with at by for")
_NOT_AFTER_PREPOSITION = _set("""
    is am are was were do does did has had will would can could should he she they we i and but of
    or
""")
_SUBJECTS = _set("i he she we they")
_NOT_AFTER_SUBJECT = _set("""
    of the a an to my your his their our i he she we they it me him us them is
""")
_NOT_AT_END = _set("a an the and or but of my your our their his if because than i he she we they")
_MAY_REPEAT = _set("very that had so really no yes ha bye")
# Capitals on these inside a sentence come from words that were moved.
_NOT_CAPITAL = _set("""
    the a an and of in on at to from with for by he she it they we his her their my our was were is
    are had has have did when then but so because after before that this there
""")

# Agreement of subject and verb, of number, of article and sound; forms after an auxiliary verb.
_ONE = _set("he she it")
_SEVERAL = _set("they we people children men women these those")
_BASE = _set("""
    have do don't go make want need like say think are were help get take know work feel come see
    give show use find look try start keep let learn become seem mean play live believe
""")
_THIRD = _set("""
    is was has does doesn't goes makes wants needs likes says thinks helps gets takes knows works
    feels comes sees gives shows uses finds looks tries starts keeps lets learns becomes seems means
    plays lives believes
""")
_BEFORE_BASE = _set("if that and make makes let lets help helps see")  # "let it go", "if he go"
_AUXILIARIES = _set("""
    can could will would should may might must cannot can't won't wouldn't shouldn't couldn't to did
    didn't does doesn't do don't
""")
_MODALS = _set("can could will would should may might must cannot can't won't wouldn't shouldn't")
_NOT_AFTER_MODAL = _set("to can will would is was are were")
_PAST = _set("""
    went said told took saw knew felt gave began ran stood heard brought bought caught taught wrote
    spoke broke chose drove ate fell flew forgot grew rode sang shook slept spent stole swam threw
    understood woke won wore was were had did
""")
_NOT_BASE = _PAST | _set("goes has does makes wants needs likes says thinks helps gets takes knows")
_COUNTED = _set("many several few various these those")
_SINGULAR = _set("""
    thing person way reason time friend problem teacher student kid job school activity idea year
    day example
""")
_DOUBLED = _set("better worse best easier harder bigger happier smarter faster")
_ONE_SOUND = ("one", "eu", "uni", "use", "usu")  # a vowel letter that takes "a"


def misordered(written: Sequence[str], low: Sequence[str]) -> int:
    """Signs that words were moved: impossible pairs, an impossible end, capitals in the middle.

    `written` are the words as they stand, `low` the same in lower case.
    """
    faults = sum(
        token[0].isupper() and len(token) > 1 and word in _NOT_CAPITAL
        for token, word in zip(written[1:], low[1:], strict=True)
    )
    for first, second in pairwise(low):
        faults += (
            (first in _ARTICLES and second in _NOT_AFTER_ARTICLE)
            or (first in _PREPOSITIONS and second in _NOT_AFTER_PREPOSITION)
            or (first in _SUBJECTS and second in _NOT_AFTER_SUBJECT)
            or (first == second and first not in _MAY_REPEAT)
        )
    return faults + bool(low and low[-1] in _NOT_AT_END)


def disagreements(low: Sequence[str]) -> int:
    """Neighbors that do not agree: "he go", "people is", "a apple", "many thing", "will went"."""
    return sum(
        _disagree(before, first, second)
        for before, (first, second) in zip(("", *low), pairwise(low), strict=False)
    )


def _disagree(before: str, first: str, second: str) -> bool:
    free = before not in _AUXILIARIES and before not in _BEFORE_BASE
    vowel = second[0] in "aeio" and len(second) > 1 and not second.startswith(_ONE_SOUND)
    return (
        (first in _ONE and second in _BASE and free)
        or (first in _SEVERAL and second in _THIRD)
        or (first == "i" and second in _THIRD and second != "was")
        or (first == "a" and vowel)
        or (first == "an" and second[0] not in "aeiouh")
        or (first in _AUXILIARIES and second in _NOT_BASE)
        or (first in _MODALS and second in _NOT_AFTER_MODAL)
        or (first in _COUNTED and second in _SINGULAR)
        or (first in {"more", "most"} and second in _DOUBLED)
    )
