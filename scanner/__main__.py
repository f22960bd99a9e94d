"""Lets ``python -m scanner`` be the command."""

from scanner.cli.main import run

if __name__ == "__main__":
    run()
