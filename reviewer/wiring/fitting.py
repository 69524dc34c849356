"""What a scorer is fitted with: an encoder that keeps its rows, and the store's rated works.

Invariant: what is read of the store is blind ratings of experts alone; nothing is written but rows.
"""

from typing import TYPE_CHECKING

from reviewer.rubric import Credential
from reviewer.settings import Settings
from reviewer.store.database import open_database
from reviewer.store.human import human_records
from reviewer.wiring.fitted import Encoder, make_encoder
from reviewer.wiring.manifests import OnProgress
from reviewer.wiring.opening import open_repository, repository_in

if TYPE_CHECKING:  # what fits a scorer takes over a second to import, and few commands fit one
    from reviewer.scoring.fitted.rated import Rated


def open_encoder(settings: Settings, progress: OnProgress) -> Encoder:
    """The encoder that fitted scorers read; raises `StoreError` or `WeightsError`."""
    return make_encoder(settings, open_repository(settings).embeddings, progress)


def rated_in_store(settings: Settings, credential: Credential) -> "tuple[Rated, ...]":
    """The credential's rated works; raises `StoreError` or `TooFewRatings`."""
    from reviewer.store.rated import rated_submissions

    database = open_database(settings.database_url)
    reviews = human_records(database).reviews
    return rated_submissions(repository_in(settings, database), reviews, credential)
