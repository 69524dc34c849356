"""``python -m reviewer.demo.authoring``: make both submissions and the key anew, in place.

Invariant: either everything is made or the sentence printed says what is missing.
"""

import shutil
import sys
from pathlib import Path

from reviewer.demo import FIRST, KEY, SECOND
from reviewer.demo.authoring.film import film
from reviewer.demo.authoring.intended import write_key
from reviewer.demo.authoring.papers import read_blocks, write_docx, write_pdf
from reviewer.demo.authoring.script import read_script
from reviewer.demo.authoring.speak import speak
from reviewer.demo.key import Turn

HERE = Path(__file__).resolve().parent


def _make_recordings(texts: Path, submission: Path) -> dict[str, tuple[Turn, ...]]:
    turns = {}
    for number, path in enumerate(sorted((texts / "spoken").glob("*.yaml"))):
        script = read_script(path)
        spoken = speak(script, seed=number)
        out = submission / f"{script.name}.mp4"
        film(script, spoken, out)
        turns[out.name] = spoken.turns
        print(f"{out.name}: {spoken.turns[-1].end_s:.0f} s")
    return turns


def _make_papers(texts: Path, submission: Path) -> dict[str, str]:
    """Write the documents; ``plans.docx.md`` becomes plans.docx. Returns the sources by name."""
    sources = {}
    for path in sorted((texts / "written").glob("*.md")):
        out = submission / path.stem
        write = {".docx": write_docx, ".pdf": write_pdf}[out.suffix]
        write(read_blocks(path), out)
        sources[out.name] = path.read_text(encoding="utf-8")
        print(f"{out.name}: {len(sources[out.name].split())} words")
    return sources


def main() -> None:
    """Make everything; needs flite."""
    if shutil.which("flite") is None:
        sys.exit(
            "The demo's voices are made with the speech synthesizer flite, which is not installed "
            "here; on Debian: apt install flite."
        )
    turns: dict[str, dict[str, tuple[Turn, ...]]] = {}
    documents: dict[str, str] = {}
    for submission in (FIRST, SECOND):
        texts = HERE / "texts" / submission.name
        submission.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(texts / "submission.yaml", submission / "submission.yaml")
        turns[submission.name] = _make_recordings(texts, submission)
        documents |= _make_papers(texts, submission)
    write_key(HERE / "intended.yaml", documents, turns, KEY)


if __name__ == "__main__":
    main()
