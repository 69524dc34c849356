"""From a folder to a `Package`: what was submitted, where it belongs, and what is wrong with it.

Invariant: no model runs, and nothing outside the folder is opened.
"""

from reviewer.intake.package.reading import Package, read_package

__all__ = ["Package", "read_package"]
