"""`python -m catalog.cli` is `photodesk`."""

from catalog.cli.main import run

if __name__ == "__main__":
    run()
