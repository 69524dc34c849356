"""What a scorer is fitted to from the store: blind expert ratings, and what could show each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_empty import empty_store

from reviewer.errors import TooFewRatings
from reviewer.intake.documents import Document
from reviewer.intake.limits import Limits
from reviewer.intake.package import read_package
from reviewer.review.permission import Grant, Person, Role
from reviewer.review.rating import RaterType, Sight
from reviewer.rubric import Credential
from reviewer.store import values
from reviewer.store.accounts import Accounts
from reviewer.store.database import Database, open_database
from reviewer.store.files import FileStore
from reviewer.store.rated import rated_submissions
from reviewer.store.records import Step
from reviewer.store.repository import Repository
from reviewer.store.reviews import Place, Reviews

LEVELS = [{"value": 0, "descriptor": "No."}, {"value": 2, "descriptor": "Yes."}]
CREDENTIAL = Credential.model_validate(
    {
        "id": "greetings",
        "version": 1,
        "title": "Greetings",
        "slots": [{"id": "plans", "title": "Plans"}, {"id": "notes", "title": "Notes", "min": 0}],
        "elements": [
            {"id": "greeting", "title": "Greets", "levels": LEVELS},
            {"id": "plan", "title": "Plans", "levels": LEVELS, "slots": ["plans"]},
            {"id": "face", "title": "Smiles", "levels": LEVELS, "observable_in": ["picture"]},
        ],
    }
)
WORKS = 11


class House:
    """A store with WORKS submissions of a plan and notes, and two people."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.repository = Repository(database, FileStore(folder / "files"))
        self.reviews = Reviews(database)
        self.accounts = Accounts(database)
        self.ids = [self.hand_in(folder / f"work {at}", at) for at in range(WORKS)]
        self.ann, self.bob = self.person("ann"), self.person("bob")

    def hand_in(self, folder: Path, at: int, credential: Credential = CREDENTIAL) -> str:
        folder.mkdir()
        for name in ("plans", "notes"):
            (folder / name).mkdir()
            (folder / name / f"{name}.txt").write_text(f"The {name} of work {at}.")
        package = read_package(folder, credential, Limits())
        self.repository.add(package, credential)
        files = [one for one in package.files if one.problem is None]
        steps = [Step("read", one.id, f"hash of {at} {one.name}") for one in files]
        self.repository.ledger.plan(package.submission_id, steps)
        for one, step in zip(files, steps, strict=True):
            assert step.input_hash is not None
            read = values.DOCUMENT.encode(Document(f"Text of {one.slot}, work {at}."))
            self.repository.ledger.keep("read", step.input_hash, read)
        return package.submission_id

    def person(self, name: str) -> Person:
        found = self.accounts.person(self.accounts.add(name, None, [Grant(Role.EVALUATOR)]))
        assert found is not None
        return found

    def place(self, at: int, element: str, who: Person, kind: RaterType) -> Place:
        return Place(self.ids[at], element, who, kind, CREDENTIAL.rubric_hash)

    def rate(
        self,
        at: int,
        element: str,
        level: float | None,
        who: Person,
        kind: RaterType = RaterType.EXPERT,
    ) -> None:
        place = self.place(at, element, who, kind)
        found = self.reviews.standings(place.submission, who.id).get(element)
        self.reviews.rate(place, level, found.version if found else 0)

    def rate_all(self, *elements: str) -> None:
        for at in range(WORKS):
            for element in elements:
                self.rate(at, element, 2.0 * (at % 2), self.ann)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = open_database(f"sqlite:///{empty_store(tmp_path)}")
    yield House(tmp_path, database)
    database.close()


def test_elements_that_the_same_artifacts_show_are_fitted_together(house: House) -> None:
    house.rate_all("greeting", "plan", "face")
    whole, plans = rated_submissions(house.repository, house.reviews, CREDENTIAL)
    assert (whole.elements, plans.elements) == (("greeting",), ("plan",))
    assert len(whole.texts) == len(plans.texts) == WORKS
    assert {len(one.artifacts) for one in whole.texts} == {2}
    assert {one.artifacts[0].slot for one in plans.texts} == {"plans"}
    assert all("Text of plans" in one.text and "notes" not in one.text for one in plans.texts)
    assert whole.data_sha256 != plans.data_sha256
    assert whole.one_group


def test_experts_are_averaged_their_latest_counts_and_a_consensus_stands_for_them(
    house: House,
) -> None:
    house.rate_all("greeting")
    house.rate(0, "greeting", 2, house.bob)
    house.rate(1, "greeting", 0, house.ann)
    house.rate(2, "greeting", 2, house.bob, RaterType.CONSENSUS)
    (rated,) = rated_submissions(house.repository, house.reviews, CREDENTIAL)
    scores = {
        one.submission: float(score)
        for one, score in zip(rated.texts, rated.scores[:, 0], strict=True)
    }
    assert [scores[house.ids[at]] for at in range(4)] == [1.0, 0.0, 2.0, 2.0]


def test_whatever_is_not_a_blind_expert_rating_is_left_out_and_counted(house: House) -> None:
    house.rate_all("greeting", "plan")
    house.rate(0, "greeting", 2, house.bob, RaterType.EVALUATOR)
    house.rate(1, "greeting", 2, house.bob, RaterType.TRAINEE)
    house.rate(2, "greeting", None, house.bob)
    seen = house.place(3, "greeting", house.bob, RaterType.EXPERT)
    house.reviews.saw(seen, Sight.EXCERPTS, "")
    house.rate(3, "greeting", 0, house.bob)
    (rated, _) = rated_submissions(house.repository, house.reviews, CREDENTIAL)
    assert rated.left_out == {
        "ratings by others than experts": 2,
        "ratings of what could not be observed": 1,
        "ratings that were not blind and without an aid": 1,
    }
    assert rated.scores.max() == 2.0


def test_an_element_with_too_few_rated_works_is_left_out_and_with_none_it_is_refused(
    house: House,
) -> None:
    with pytest.raises(TooFewRatings, match=r"^No element of greetings has blind expert ratings"):
        rated_submissions(house.repository, house.reviews, CREDENTIAL)
    house.rate_all("plan")
    house.rate(0, "greeting", 2, house.ann)
    (rated,) = rated_submissions(house.repository, house.reviews, CREDENTIAL)
    assert rated.elements == ("plan",)
    assert rated.left_out == {"works rated on greeting, too few to fit to": 1}


def test_another_version_of_the_rubric_is_another_rubric(house: House) -> None:
    house.rate_all("plan")
    newer = CREDENTIAL.model_copy(update={"version": "2"})
    with pytest.raises(TooFewRatings, match="11 submissions under another version"):
        rated_submissions(house.repository, house.reviews, newer)
