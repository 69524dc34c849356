"""With a roster, no text leaves the store in which its names are not covered."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from house_empty import empty_store
from house_store import House

from reviewer.desk.desk import Desk
from reviewer.desk.exports import Exports
from reviewer.errors import MaskingError, NotPermitted
from reviewer.export.badge import Issuer
from reviewer.export.letter import letter_html
from reviewer.privacy import Masking
from reviewer.review.permission import Grant, Person, Role
from reviewer.settings import Settings
from reviewer.store import values
from reviewer.store.assembly import artifacts_so_far
from reviewer.wiring import open_program
from reviewer.wiring.manifests import engines_of

PLAN = "Amara greets Zoe by name. Their teacher, Ms. Brownlow, waits; mail her: ms.b@school.org."
MASKED = "█████ greets ███ by name. Their teacher, Ms. ████████, waits; mail her: ███████████████."
ROSTER = Masking(("Amara Okafor", "Zoë Lund", "Brownlow"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    url = f"sqlite:///{empty_store(tmp_path / 'home')}"
    opened = House(url, tmp_path, masking=ROSTER)
    yield opened
    opened.database.close()


@pytest.fixture
def submission(house: House) -> str:
    return house.hand_in("C-1", {"amara and zoe.txt": PLAN})


def test_text_quotes_and_names_of_files_are_covered_and_places_stay(
    house: House, submission: str
) -> None:
    first_pass = house.repository.first_pass(submission)
    assert first_pass is not None
    (artifact,) = first_pass.artifacts
    assert artifact.text == MASKED
    assert artifact.name == "█████ and ███.txt"
    (draft,) = first_pass.elements
    (citation,) = draft.citations
    assert citation.quote == MASKED[citation.start : citation.end]
    assert draft.rationale == "It says: █████ greets ███ by name."


def test_what_was_drafted_before_there_was_a_roster_is_covered_too(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{empty_store(tmp_path / 'home')}"
    before = House(url, tmp_path)
    submission = before.hand_in("C-1", {"plan.txt": PLAN})
    before.database.close()
    after = House(url, tmp_path, masking=ROSTER)
    first_pass = after.repository.first_pass(submission)
    assert first_pass is not None
    assert "Amara" not in repr(first_pass)
    assert "Amara" not in repr(after.repository.drafts(submission))
    after.database.close()


def test_stages_are_given_the_covered_text_and_the_original_is_kept(
    house: House, submission: str
) -> None:
    ledger = house.repository.ledger
    stored, lines = house.repository.get(submission), ledger.lines(submission)
    (artifact,) = artifacts_so_far(stored, lines, ledger)
    assert artifact.text == MASKED
    read = next(one for one in lines if one.stage == "read")
    assert read.input_hash is not None
    kept = ledger.result("read", read.input_hash)
    assert kept is not None
    assert getattr(values.DOCUMENT.decode(kept), "text", "") == PLAN


def test_a_document_itself_is_for_nobody(house: House, submission: str) -> None:
    (file,) = house.repository.get(submission).files
    with pytest.raises(NotPermitted, match="is not shown as it is"):
        house.repository.file_path(submission, file.id)


def test_letter_and_exports_have_no_name_in_them(house: House, submission: str) -> None:
    house.review(submission, feedback="Let Amara speak first.", words="Zoe was not heard.")
    accounts = house.records.accounts
    accounts.add("ivy", None, [Grant(Role.ISSUER)])
    ivy = accounts.named("ivy")
    assert isinstance(ivy, Person)
    exports = Exports(Desk(house.repository, house.records), Issuer("A school", ""))
    letter = letter_html(exports.letter(ivy, submission))
    whole = exports.full(ivy, submission).decode()
    badge = json.dumps(json.loads(exports.badge(ivy, submission)), ensure_ascii=False)
    report = exports.report(ivy, submission)
    for text in (letter, whole, badge, report):
        assert "Amara" not in text
        assert "Zoe" not in text
    assert "Let █████ speak first." in letter
    assert "███ was not heard." in whole


def test_erased_work_leaves_neither_the_covered_nor_the_open_words(
    house: House, submission: str
) -> None:
    erased = house.erasure.erase([house.erasure.of("C-1")])
    assert erased.vectors == 2
    assert erased.passages > 0
    assert erased.searched.found == ()


class TestSettings:
    def test_stages_depend_on_the_roster(self, settings: Settings, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("Amara Okafor\n")
        (tmp_path / "b.txt").write_text("Zoë Lund\n")
        without = engines_of(settings)
        with_a, with_b = (
            engines_of(settings.model_copy(update={"roster": str(tmp_path / name)}))
            for name in ("a.txt", "b.txt")
        )
        assert len({without.embedding, with_a.embedding, with_b.embedding}) == 3
        assert "Amara" not in repr(with_a)
        assert without.speech == with_a.speech

    def test_a_roster_that_is_gone_opens_nothing(self, settings: Settings, tmp_path: Path) -> None:
        with pytest.raises(MaskingError, match="so nothing is shown"):
            open_program(settings.model_copy(update={"roster": str(tmp_path / "gone.txt")}))
