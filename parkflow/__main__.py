"""``python -m parkflow`` is the console script."""

from parkflow import main

main()
