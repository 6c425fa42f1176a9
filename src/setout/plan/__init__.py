"""Markdown to Plan: what the document says, each thing with its line."""




