"""English word lists, and nothing else: closed classes, irregular past forms, marking words.

Invariant: every list is lower case and of our own making; no list knows anything of a data set.
"""

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _set("""
    a an the and or but nor so yet if because although though while when whenever where wherever as
    since until unless that which who whom whose what how why than then i me my mine myself we us
    our ours ourselves you your yours yourself he him his himself she her hers herself it its itself
    they them their theirs themselves this these those there here am is are was were be been being
    do does did done doing have has had having will would shall should can could may might must
    ought of in on at to from by with about against between into through during before after above
    below up down out off over under again further for onto upon within without along across behind
    beyond near toward towards not no only own same too very just also even still already ever
    never always often sometimes all any both each few more most other some such one ones every
    many much another don't doesn't didn't isn't wasn't weren't aren't won't wouldn't couldn't
    shouldn't haven't hasn't hadn't can't i'm i've i'll i'd it's that's he's she's we're they're
    you're we've they've there's let's what's
""")

IRREGULAR_PAST = _set("""
    was were had did went came got said told took made saw knew thought felt left kept gave found
    began ran sat stood heard let put brought bought caught taught wrote read spoke broke chose
    drove ate fell flew forgot grew held hid hit hurt led lost met paid rode rang rose sang sent set
    shook shot showed slept spent stole swam threw understood woke won wore asked drew built lit
""")

SAYING = _set("""
    said says say asked asks told tells replied answered whispered shouted yelled called explained
    exclaimed cried added wrote repeated
""")

# A work that opens with one of these opens in the middle.
OPENS_LINKED = _set("""
    then so but and finally after later also he she they it that this those these because him her
""")

PLANNED = re.compile(
    r"\b(?:will|shall|plan(?:s|ned|ning)? to|hop(?:e|es|ed|ing) to|going to|gonna|intend(?:s|ed)?|"
    r"want(?:s|ed)? to|would like to|aim(?:s)? to|next (?:year|time|month|term)|in the future|"
    r"should|would|could|might|may|must|need(?:s|ed)? to)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|never|nobody|no one|none|nothing|neither|nor|without|no|cannot)\b|n['’�]t\b",
    re.IGNORECASE,
)
WHEN_OR_HOW_MANY = re.compile(
    r"\d|\b(?:one day|once|yesterday|today|last|ago|later"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|june|july|august|september|october|november|december"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|morning|afternoon|noon|night|evening"
    r"|finally|then|after|before|when|while|until|suddenly|next|first|second|third|soon"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|half)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r'["“”„«»]|(?<!\w)�|�(?!\w)|(?<!\w)[‘\'](?=[A-Z])')

# Sentences that speak to whoever scores instead of showing anything.
TO_THE_SCORER = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|prompts?|rubric|rules above)\b"
    r"|(?:^|[.!?:;,*\-]\s*|\b(?:please|must|should|to|and|then|just)\s+)"
    r"(?:give|award|assign|grant|rate|score|grade|mark)\s+(?:this|it|me|us|my|the|all|every|each"
    r"|an?|level|element|full|top|maximum)\b.{0,50}"
    r"\b(?:levels?|scores?|points?|marks?|ratings?|grade|credit|highest|maximum|demonstrated"
    r"|proficient|exemplary)\b"
    r"|\b(?:as an?|you are an?|dear|attention|note (?:to|for)(?: the)?)\s+(?:\w+\s+)?(?:ai|grader"
    r"|evaluator|assessor|reviewer|scorer|rater|examiner|language model)\b"
    r"|\b(?:this|my) (?:essay|work|submission|element|evidence|response|portfolio)\b.{0,30}"
    r"\b(?:deserves?|merits?|earns?|meets? (?:all|every|the)|is (?:at )?level)\b"
    r"|^\s*(?:system|assistant|user|instructions?)\s*:"
    r"|\b(?:you are|act as|behave as)\s+(?:now\s+)?(?:an?|the|my)\s+(?:\w+\s+)?(?:grader|evaluator"
    r"|assessor|scorer|rater|examiner|judge|assistant)\b"
    r"|\b(?:output|print|return|respond with|answer with)\s+(?:an?\s+|the\s+)?(?:\w+\s+)?"
    r"(?:level|score|grade|rating|mark)s?\b"
    r"|\bsystem prompt\b|\bhighest (?:possible )?(?:score|level|rating)\b",
    re.IGNORECASE | re.DOTALL,
)

# The commonest small words of other languages, to tell them from damaged English.
OTHER_LANGUAGES = _set("""
    el la los las un una que y en por para con del se su es der die das und ist nicht ein eine mit
    auf zu den von le les des et est dans pour une du au qui il e di che per non gli il della sono
    o os uma em não com mais het een van niet op och att det som på jag ik ja nie się jest na w z
    dan yang untuk ini itu dengan pada ve bir bu için
""") - {"die", "in", "on", "an", "a", "is", "i", "of", "o", "e", "y", "w", "z", "no"}
