"""Markdown to Plan: what the document says, each thing with its line."""

from setout.plan.reader import read

__all__ = ["read"]
