"""What one sentence is worth as evidence: how specific it is, how sure, how plainly done.

Invariant: a worth lies in [0, 1] and depends on the sentence alone.
"""

from collections.abc import Sequence

import numpy as np

from reviewer.evidence.embed import Vectors
from reviewer.evidence.match import Numbers
from reviewer.scoring.reading import Reading

# Two kinds of sentence, written for this purpose: telling one concrete event, and saying what could
# be said of anything. A sentence is concrete as far as it lies nearer to the mean of the first.
CONCRETE = (
    "On Tuesday three pupils told their partners what had gone wrong in their drawings.",
    "Maria waited until Sam had finished and then read her own answer aloud.",
    '"Can I try it again?" he asked, and she handed him the marker.',
    "At ten past nine I moved the two tables together and gave each pair one ruler.",
    "My brother knocked over the tower, and I picked up the blocks without a word.",
    "He slammed the car door and walked back to the house in the rain.",
    "After lunch Devon counted eleven beans and wrote the number on the chart.",
    "She knelt beside the desk, pointed at the second line and whispered the word.",
    "We sat on the porch until the ambulance turned into our street.",
    "I asked Lena to show her hand to the camera, and six classmates answered her.",
    "The coach blew the whistle and my sister fell over the hurdle.",
    "When the bell rang, Omar was still explaining his drawing to Kim.",
)
GENERAL = (
    "Everyone should always try to do their best.",
    "It is important to be kind to other people.",
    "Teachers need to support all learners in many different ways.",
    "There are many reasons why this matters in life.",
    "I believe that every child can learn.",
    "If you work hard, good things will happen to you.",
    "People have different opinions about this topic.",
    "This strategy is very effective and helps students succeed.",
    "It means that you do not give up.",
    "Having a positive attitude makes everything better.",
    "Communication is a key part of every relationship.",
    "Students will become more confident and engaged.",
)
SOFTNESS = 0.05  # of the step from general to concrete, in cosine
IN_DOUBT = 0.3  # weight of a sentence that may not be what was said
OF_PLANS = 0.5  # share of specificity that what is only intended loses


def concreteness(vectors: Vectors, concrete: Vectors, general: Vectors) -> Numbers:
    """In (0, 1) per row of `vectors`: one half midway between the two kinds' mean vectors."""
    first, second = concrete.mean(axis=0), general.mean(axis=0)
    middle = (float(first @ first) - float(second @ second)) / 2
    along = np.round((vectors @ (first - second)).astype(np.float64) - middle, 4)
    made: Numbers = 1 / (1 + np.exp(-along / SOFTNESS))
    return made


def specificity(readings: Sequence[Reading], concrete: Numbers) -> Numbers:
    """In [0, 1] per sentence: half by signs (done, when, who, said), half by concreteness."""
    signs = np.array([one.signs / 4 for one in readings])
    intended = np.array([one.planned for one in readings])
    made: Numbers = (signs + concrete) / 2 * (1 - OF_PLANS * intended)
    return made
