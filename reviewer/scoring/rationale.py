"""Two or three plain sentences on what a draft rests on, and on what an empty finding looked for.

Invariant: every sentence says what was counted or matched; none claims to have understood.
"""

from collections.abc import Sequence

from reviewer.evidence.citation import Stance
from reviewer.evidence.match import Query
from reviewer.rubric import Credential, Element, Level
from reviewer.scoring.reading import Reading
from reviewer.scoring.showing import ShowingAccount

MOST_NAMED = 3  # indicators named in one sentence
LONGEST = 160  # characters of an indicator or a descriptor that is quoted


def of_showing(
    element: Element,
    level: float,
    account: ShowingAccount,
    chosen: Sequence[int],
    queries: Sequence[Query],
) -> str:
    """Which indicators the cited passages match, which are not met, what speaks against."""
    cited = account.amounts[list(chosen)]
    found = [
        f"“{_short(query.text)}” ({_times(int((cited[:, at] > 0).sum()))})"
        for at, query in enumerate(queries)
        if query.stance is Stance.SUPPORTS and cited[:, at].sum() > 0
    ]
    missing = [
        f"“{_short(query.text)}”"
        for at, query in enumerate(queries)
        if query.stance is Stance.SUPPORTS and account.amounts[:, at].sum() == 0
    ]
    against = [
        f"“{_short(query.text)}”"
        for at, query in enumerate(queries)
        if query.stance is Stance.COUNTER and cited[:, at].sum() > 0
    ]
    parts = [f"Passages match {_list(found)}." if found else "No passage matches a sign for it."]
    if against or cited[:, -1].sum() > 0:
        named = against or ["a passage that denies what is looked for"]
        parts.append(f"Against it: {_list(named)}.")
    if missing:
        parts.append(f"Nothing was found for {_list(missing)}.")
    return " ".join([*parts[:2], _level(element, level), *parts[2:]])


def of_writing(element: Element, level: float, readings: Sequence[Reading]) -> str:
    """What was counted in the cited passages, and the level that amount is nearest to."""
    different = len(frozenset().union(*(one.vocabulary for one in readings)))
    total = sum(len(one.words) for one in readings)
    done = sum(one.done for one in readings)
    faults = sum(one.faults for one in readings)
    return (
        f"The cited passages hold {different} different words in "
        f"{_plural(len(readings), 'sentence')}, {done} of which tell of something done; "
        f"{_plural(faults, 'fault')} of spelling, capitals, end marks or sentence length were "
        f"counted in {total} words. {_level(element, level)}"
    )


def nothing_found(
    credential: Credential, element: Element, queries: Sequence[Query], searched: Sequence[str]
) -> str:
    """Why there is no draft although the work could be read: what was looked for, and where."""
    signs = [f"“{_short(q.text)}”" for q in queries if q.stance is Stance.SUPPORTS]
    where = _list([f"“{name}”" for name in searched]) if searched else _slots(credential, element)
    if not searched:
        return f"No artifact that could show “{element.title}” was submitted ({where})."
    looked = _list(signs) if signs else f"anything on “{element.title}”"
    return f"No evidence was found for {looked}; looked in {where}."


def _slots(credential: Credential, element: Element) -> str:
    titles = {slot.id: slot.title for slot in credential.slots}
    return "looked for: " + (_list([titles[one] for one in element.slots]) or "any document")


def _level(element: Element, value: float) -> str:
    level = next(one for one in element.levels if one.value == value)
    return f"That amount comes nearest to level {_name(level)}: “{_short(level.descriptor)}”."


def _name(level: Level) -> str:
    return f"{level.value:g}" + (f" ({level.title})" if level.title else "")


def _short(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return flat if len(flat) <= LONGEST else flat[:LONGEST].rsplit(" ", 1)[0] + " …"


def _times(count: int) -> str:
    return _plural(count, "passage")


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _list(items: Sequence[str]) -> str:
    shown = list(items[:MOST_NAMED])
    if len(items) > MOST_NAMED:
        shown.append(f"{len(items) - MOST_NAMED} more")
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + " and " + shown[-1]
