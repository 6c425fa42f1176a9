"""Our own checks: one module for each family, each check a function whose docstring is the message."""
