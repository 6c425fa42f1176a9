"""Programs for those who maintain setout."""
