"""Foreign programs: one module for each, with what it is asked to do and what its answers mean."""
