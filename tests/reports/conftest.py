"""Fixtures of the report tests."""

from tests.reports.sample import readings

__all__ = ["readings"]
