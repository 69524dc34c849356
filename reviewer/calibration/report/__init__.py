"""The calibration report: from a table of ratings to values, their JSON and its schema."""

from reviewer.calibration.report.build import Options, calibrate
from reviewer.calibration.report.model import Kind, Report
from reviewer.calibration.report.written import (
    read_report,
    report_hash,
    report_json,
    report_schema,
)

__all__ = [
    "Kind",
    "Options",
    "Report",
    "calibrate",
    "read_report",
    "report_hash",
    "report_json",
    "report_schema",
]
