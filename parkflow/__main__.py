"""``python -m parkflow`` is the console script."""

from parkflow.commands import main

if __name__ == "__main__":
    main()
