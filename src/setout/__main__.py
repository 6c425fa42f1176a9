"""`python -m setout`."""

from setout.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
