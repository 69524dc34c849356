"""Where sentences begin in what teachers and pupils write; a bar marks each place."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.intake.sentences import sentence_starts

EXPECTED = """
My class meets daily.| We greet each other.
What is your name?| My name is Leo.
There it is!| I found it.
Hello!!| Long time no see.
Hello?!| Is that you?
Ms. Brown applies for the credential.| She submits three videos.
Mr. and Mrs. Lee came at 8:30 a.m. to help.
At 5 a.m. Mr. Smith went to the bank.| He left at 6 P.M.| Mr. Smith then slept.
The bell rang at 3 p.m.| Everyone left.
Pupils moved e.g. to the carpet, i.e. the meeting place.| Then we sat.
The ratio was 3.5 to 1.| It rose by 0.7.
Please turn to p. 55.
The goal (see Fig. 3) is clear.| We met it.
See ch. 3 and Sec. 4.| They help.
No. 5 is the best.| No one disagrees.
Is it no?| No.| It is yes.
Dr. Smith et al. (2012) found gains.| We agree.
I have lived in the U.S. for 20 years.
I work for the U.S. Government in Virginia.
I live in the U.S.| How about you?
We met in Washington, D.C.| It rained.
My name is Jonas E. Smith.
I.E.P. goals were met by J. K. Rowling's fans.
Plan B.| Then we tried plan C.| It worked.
In Sept. we begin.| In Dec. we end.
We used min. 5 and max. 10 minutes.
Grade 3.| Duration: 40 min.| Materials: ball, mat.
We read approx. 20 pages.| It was fun.
It was 5 ft. 3 in. tall.| He was tall.
Her email is Jane.Doe@example.com.| I sent her an email.
Visit www.school.org or mail a.b@c.org today.| Thanks.
The site is https://www.example.50.com/new/page.html.| Please check it out.
Use file plan.v2.docx now.| It is new.
She turned to him, "This is great." she said.
She turned to him, "This is great."| She held the book out.
"Can I share?" asked Maya.| "Yes," I said.
"Can we go?" Maya asked.| She ran.
"Can we go?" Ms. Lee asked.| She ran.
He said, "No way!"| Maya laughed.
Maya said, "I was sad today."| Then Leo answered, "Me too."
She wrote “I'm done!” and left.
The pupils (all 24 of them!) sang.| We clapped.
He teaches science (He worked as an engineer.) at the school.
[Students turn and talk.]| Teacher walks around.
I waited ... and then she spoke.| We listened.
I learned a lot...| The pupils did too.
Well… I think we can.| Let us try.
I had lunch .|I didn't eat much.| It was fine.
I was in line .|Patience ,some people dont have it .|Lots of people cut.
We started at 9.|Then we read.
We were stunned..|Thats were I heard it.
Stop.|Think.|Act is our motto.
it was fine.| then we went home.
are you ok?| i am fine
iPads were used.| iPads help.
1. Greet each other.| 2. Share news.| 3. Read the message.
Great job everyone 🎉| Let's move on.
Great job everyone! 👍🏽 🎉| Let's move on.
今日は晴れです。|明日は雨です。|そうですか？|はい。
老师问：“谁想分享？”|小明说他很难过！
「はい。」と言いました。
क्या हाल है?| मैं ठीक हूँ।| धन्यवाद।
هل أنت بخير؟| نعم.| شكرا.
""".strip().splitlines()


@pytest.mark.parametrize("marked", EXPECTED)
def test_sentences_begin_where_a_reader_says_they_do(marked: str) -> None:
    pieces = marked.split("|")
    text = "".join(pieces)
    expected = []
    length = len(pieces[0])
    for piece in pieces[1:]:
        expected.append(length + len(piece) - len(piece.lstrip()))
        length += len(piece)
    assert list(sentence_starts(text)) == expected


@settings(deadline=None)
@given(st.text(max_size=200))
def test_starts_rise_and_are_never_white_space(text: str) -> None:
    starts = list(sentence_starts(text))
    assert starts == sorted(set(starts))
    assert all(0 < start < len(text) and not text[start].isspace() for start in starts)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "a. ",
        "(a. ",
        '"Yes!" Ms. Lee ',
        "e.g. ",
        "Mr. ",
        "1. ",
        "a.b.",
        "\u0301.",
        "?! ",
        " ",
        "😀",
        ".",
    ],
)
def test_time_is_proportional_to_length(unit: str) -> None:
    taken = []
    for length in (50_000, 400_000):
        text = unit * (length // len(unit))
        begun = time.process_time()
        sum(1 for _ in sentence_starts(text))
        taken.append(time.process_time() - begun)
    assert taken[1] < 24 * taken[0] + 0.2  # 8 times the text; 64 times would be quadratic
