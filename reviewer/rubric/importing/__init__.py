"""Rubrics from other houses: Canvas rubric CSV and IMS CASE `CFRubric` JSON, beside our own YAML.

Invariant: what comes out is a valid `Credential` and notes on what was assumed, or a `RubricError`
with the line of the first fault. Nothing is invented: a format without required levels gives a
credential without a decision rule.
"""

from reviewer.rubric.importing.reading import Imported, Wanted, import_rubric

__all__ = ["Imported", "Wanted", "import_rubric"]
