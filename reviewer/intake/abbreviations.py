"""English abbreviations that a full stop belongs to, and words that a sentence begins with.

Invariant: abbreviations are lower case and without their last full stop; `OPENING_WORDS` and
`SAYERS` are written as at the beginning of a sentence.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BEFORE_NAMES = _words("""
    mr mrs ms mx dr prof rev fr sr st hon sgt lt col gen capt maj cmdr gov sen rep pres supt mt
    messrs mme mlle
""")
"""Stand before a name, so a capital after them says nothing."""

BEFORE_NUMBERS = _words("""
    no nos p pp pg pgs fig figs vol vols ch chap sec art eq ex pt pts approx ca c min max ver v
    grade gr room rm lesson col line ll par para
""")
"""Stand before a number; before a word most of them are words themselves."""

UNITS = _words("""
    etc min mins hr hrs sec secs wk wks yr yrs mo mos ft oz lb lbs cm mm km approx
""")
"""Go on in small letters: a capital after them begins a sentence."""

SHORTENED = UNITS | _words("""
    vs viz cf al est ave blvd rd dept dist univ assn assoc inc ltd co corp bros
    jan feb apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri
    max misc incl excl ext tel temp avg elem jr sr ed eds ref refs app appx vol chap fig figs pp
    pg esp orig st mt bldg hwy asst dir admin gov govt intl natl org
""")
"""All others too: a sentence ends here only before a word that begins one."""

OPENING_WORDS = _words("""
    The This That These Those There Then They Their Thus Though Through To Today Together
    A An And As At All Also After Again Although Another Any Are
    I In If It Its It's It’s Is Instead I'm I’m
    He She We You Your My Our His Her Who What When Where Why How Which While With Without
    But By Because Before Both Be Being Between For From First Finally Following
    So Some Since Several Second Soon Still Such On Once One Or Other Otherwise Over
    No Not Now Next Never Nobody Each Every Everyone Everybody Everything Even Either
    Here However Have Has Had Did Do Does Can Could Would Should Will May Maybe Might Must
    Let Later Last Many Most More Meanwhile Moreover Perhaps Please
    Students Pupils Children Teachers Teacher Kids Yes
""")
"""Words that begin a sentence far more often than they follow an abbreviation."""

SAYERS = _words("I He She We They You My Our His Her The A One Another Ms Mr Mrs Miss Dr")
"""Those of `OPENING_WORDS`, and titles, that may stand before one of `SAYING`."""

SAYING = (
    "said|says|say|asked|asks|ask|replied|replies|answered|answers|whispered|whispers|shouted|"
    "shouts|added|adds|called|calls|cried|cries|yelled|yells|explained|explains|responded|"
    "responds|told|tells|wrote|writes|exclaimed|exclaims|suggested|suggests|continued|continues"
)
"""Verbs that tie what was said to who said it: ``"Can I share?" Maya asked.``"""
