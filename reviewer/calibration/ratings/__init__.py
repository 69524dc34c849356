"""The long table of ratings: read, repaired where that is certain, told apart by independence."""

from reviewer.calibration.ratings.independence import LeftOut, Split, split
from reviewer.calibration.ratings.reading import TableForm, read_table
from reviewer.calibration.ratings.subgroups import with_subgroups
from reviewer.calibration.ratings.table import ENGINE, Ratings, make_ratings

__all__ = [
    "ENGINE",
    "LeftOut",
    "Ratings",
    "Split",
    "TableForm",
    "make_ratings",
    "read_table",
    "split",
    "with_subgroups",
]
