"""Folders on disk: what a run or a sweep keeps, and how it is read back."""
