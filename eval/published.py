"""What others have published on the same kind of task, to stand beside what was measured here.

Invariant: a published figure stands with its source and with what makes it no like-for-like
comparison; ours are read from the committed baselines and never written down a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.study import baseline


@dataclass(frozen=True, slots=True)
class Published:
    """Figures of one task. `ours`: words, study and figure of each of our own figures beside."""

    task: str
    figures: str
    source: str
    ours: tuple[tuple[str, str, str], ...]
    apart: str


PUBLISHED = (
    Published(
        "Essay scores, fitted (ASAP; QWK)",
        "EASE .70, CNN with LSTM .761, R²BERT .794, NPCR .817",
        "Taghipour & Ng 2016 (the first two); Yang et al. 2020; Xie et al. 2022",
        (
            ("fitted", "fitted", "asap7 fitted"),
            ("the other rater", "fitted", "asap7 human, rater 2"),
        ),
        "Theirs: resolved totals, mean of eight sets. Ours: mean of four traits of set 7 against "
        "one rater, a harder target.",
    ),
    Published(
        "Essay scores without labels (ASAP; QWK)",
        "ChatGPT prompted .455, Llama 2 13B with multi-trait prompts .560",
        "Lee et al. 2024 (arXiv 2404.04941)",
        (("first pass", "essays", "asap7 qwk"),),
        "Theirs: totals of eight sets. Ours: mean of four traits of set 7.",
    ),
    Published(
        "Essay traits (ELLIPSE; QWK)",
        "DeBERTa-v3 .726, BERT .666, ridge .461",
        "Maseleno & Hussain, Analytic Trait Scoring of English Language Learner Essays",
        (("fitted", "fitted", "ellipse fitted"), ("floor", "fitted", "ellipse floor")),
        "Theirs: trained on more essays of the same prompts. Ours: prompts unseen in training.",
    ),
    Published(
        "Teachers' talk moves (TalkMoves; F1)",
        "transformers .763, with sentences before and after .789, best of the application .793",
        "Suresh et al. 2022 (BEA; the first two); Suresh et al. 2021 (arXiv 2105.07949)",
        (
            ("two tellings", "talk_moves", "teacher_macro_f1"),
            ("fit-moves", "talk_moves", "teacher_fit_moves_macro_f1"),
        ),
        "Theirs: encoders tuned on a GPU, tested on other lessons of the corpus. Ours: lessons "
        "held out of the public part; nothing that comes after a sentence is looked at.",
    ),
    Published(
        "Sentences of reflective diaries (CEReD; exact)",
        "XLM-RoBERTa .794, random forest .732 (Czech)",
        "Nehyba & Štefánik 2022, tables of EduMUNI/reflection-classification",
        (
            ("classifier", "sentence_codes", "cered_exact"),
            ("tuned encoder", "sentence_tuning", "cered_exact"),
        ),
        "Theirs: the test part, sentences of confidence 3 or more. Ours: the validation part, all.",
    ),
    Published(
        "Finding coded sentences in reflective essays (MAP, recall@5)",
        "MiniLM with one query a class .62, .66 at a base rate of .15",
        "unpublished, from before this tool was built",
        (
            ("MAP", "retrieval", "cered reviewer: MAP"),
            ("recall@5", "retrieval", "cered reviewer: recall@5"),
            ("base rate", "retrieval", "cered base rate"),
        ),
        "That: another set of essays. Ours: CEReD, eight codes averaged.",
    ),
    Published(
        "Classroom observation from transcripts (rank correlation with experts)",
        "ChatGPT prompted, at most .04 to .35 (CLASS); sentence embeddings above .65 (MQI, CLASS)",
        "the latter arXiv 2510.22968",
        (),
        "Not measured here: no public set of recordings with ratings was at hand.",
    ),
    Published(
        "People on teachers' portfolios (weighted kappa)",
        ".17",
        "Lyness, Peterson & Yates 2021 (Educ. Sci. 11, 648; 19 candidates)",
        (("people on essays", "fitted", "asap7 human, rater 2"),),
        "Another task; it says how far apart people can be on such work.",
    ),
    Published(
        "Novices shown a good model's scores (QWK)",
        ".526 becomes .661",
        "Xiao et al. 2024 (arXiv 2401.06431)",
        (),
        "Not measured here: it takes evaluators. `reviewer calibrate` tells it of yours.",
    ),
)


CHECKED = (
    "Figures on ELLIPSE, TalkMoves, CEReD and teachers' portfolios were checked in the abstract or "
    "the repository of their source; the others are as they are usually cited."
)


def published_table(rows: Sequence[Published] = PUBLISHED) -> str:
    """The rows as a Markdown table; a figure of ours that was not measured is left out."""
    head = "| task | published | ours | what differs | source |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(
        f"| {one.task} | {one.figures} | {_ours(one)} | {one.apart} | {one.source} |\n"
        for one in rows
    )


def _ours(one: Published) -> str:
    known = [
        (words, baseline(study)[figure])
        for words, study, figure in one.ours
        if figure in baseline(study)
    ]
    return ", ".join(f"{words} {value:.3f}".replace(" 0.", " .") for words, value in known) or "–"
