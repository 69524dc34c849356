"""The calibration report as one HTML file: plots to look at, tables to check them by."""

from reviewer.export.calibration.page import calibration_html

__all__ = ["calibration_html"]
