"""Indicators of our own for the codes of three public sets, to measure the ranking of sentences.

Invariant: texts and examples were written from the codes' names, not taken from any sentence.
"""

from reviewer.evidence.citation import Stance
from reviewer.evidence.match import Query


def _query(code: str, text: str, *examples: str) -> Query:
    return Query(code, code, Stance.SUPPORTS, text, examples)


REFLECTION = (
    _query(
        "Experience",
        "The writer tells what happened in a lesson or during the practice: what pupils, "
        "colleagues or the writer did.",
        "I handed out the sheets and they worked in pairs for ten minutes.",
        "The teacher let me lead the second half of the lesson.",
        "After the bell two boys came to my desk.",
    ),
    _query(
        "Feeling",
        "The writer says how they felt or what was liked or disliked: joy, fear, pride, "
        "disappointment, surprise.",
        "I was nervous before the first lesson.",
        "It made me happy that they joined in.",
        "I felt a bit lost in front of them.",
    ),
    _query(
        "Reflection",
        "The writer looks back and weighs why something went as it did, what it meant, what was "
        "good or could have been done otherwise.",
        "Perhaps I talked too fast, because they lost the thread.",
        "Looking back, I could have stopped the group work earlier.",
        "I think the task worked because it came from their own lives.",
    ),
    _query(
        "Difficulty",
        "The writer names a problem, an obstacle or something that did not work.",
        "I had trouble keeping the back row quiet.",
        "I ran out of time and could not finish.",
        "It was hard for me to explain the rule simply.",
    ),
    _query(
        "Belief",
        "The writer states a conviction about teaching, pupils or school in general.",
        "In my view a teacher should know every pupil by name.",
        "I am convinced that praise works better than marks.",
        "Children learn best when they can move.",
    ),
    _query(
        "Intention",
        "The writer says what they will do, want to try or plan for next time.",
        "Next time I will give clearer instructions.",
        "I want to prepare more games for the coming week.",
        "From now on I am going to write the goals on the board.",
    ),
    _query(
        "Perspective",
        "The writer looks at the situation through the eyes of someone else: a pupil, a parent, "
        "a colleague.",
        "For the pupils it must have been strange to have a new teacher.",
        "From the mentor's point of view I was too kind.",
        "I can imagine that she felt left out.",
    ),
    _query(
        "Learning",
        "The writer says what they learned or came to understand.",
        "I learned that silence can be useful.",
        "Now I know how long such an activity takes.",
        "The practice taught me to plan for surprises.",
    ),
)

ARGUMENT = (
    _query(
        "MajorClaim",
        "The author states a position on the question of the essay.",
        "I strongly believe that zoos should be closed.",
        "In conclusion, parents rather than schools should teach manners.",
    ),
    _query(
        "Claim",
        "The sentence states a reason for or against the position, an assertion that needs "
        "support.",
        "First of all, living abroad makes people independent.",
        "On the other hand, tourism harms small villages.",
    ),
    _query(
        "Premise",
        "The sentence gives evidence, an example, a cause or a consequence that supports a reason.",
        "For example, students who cook for themselves learn to handle money.",
        "As a result, the river has become too dirty for fishing.",
        "This is because they spend less time with their friends.",
    ),
)

TALK = (
    _query(
        "T2",
        "The teacher keeps the class together: checks that all are listening and following, asks "
        "whether pupils agree or remember.",
        "Is everybody with me?",
        "Raise your hand if you heard what she said.",
        "Okay, eyes up here, everyone.",
    ),
    _query(
        "T3",
        "The teacher asks pupils to respond to another pupil's idea: to agree, disagree, add on "
        "or repeat it.",
        "Who can add on to what Ben said?",
        "Do you agree with her, and why?",
        "Can somebody say that in your own words?",
    ),
    _query(
        "T4",
        "The teacher repeats exactly what a pupil said.",
        "Seven.",
        "You said twelve.",
        "Divided by three.",
    ),
    _query(
        "T5",
        "The teacher says a pupil's idea again in other words, adding to it or making it clearer.",
        "So you took the ten away first and then added the ones.",
        "What you mean is that the two sides have to be equal.",
    ),
    _query(
        "T8",
        "The teacher asks for an answer, a fact, a method or a definition.",
        "What did you get?",
        "What is the name of this shape?",
        "How many are left?",
    ),
    _query(
        "T9",
        "The teacher presses for reasoning: asks why, how a pupil knows, or what connects the "
        "ideas.",
        "Why does that work?",
        "How do you know it is always true?",
        "Can you explain what made you think of that?",
    ),
    _query(
        "S2",
        "A pupil relates to another pupil's idea: agrees, disagrees, repeats or adds on.",
        "I agree with Mia because I got that too.",
        "I did it a different way than he did.",
    ),
    _query(
        "S3",
        "A pupil asks for information or says that something is not understood.",
        "What do you mean by that?",
        "I don't get it.",
        "Do we have to write it down?",
    ),
    _query(
        "S4",
        "A pupil makes a claim: an answer, a fact, a step of a method.",
        "It's forty-two.",
        "You have to turn it over.",
        "They are the same size.",
    ),
    _query(
        "S5",
        "A pupil explains or gives reasons and evidence for an answer.",
        "Because if you add two more, it doesn't fit anymore.",
        "I knew it was half since four and four make eight.",
    ),
)
