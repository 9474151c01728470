"""The command line, one file for each group of commands."""


def main() -> None:
    """Entry point of the console script."""
    from parkflow import app

    app()
