"""Makers of the pages that come from the program itself; run with ``python -m docs.making``."""
