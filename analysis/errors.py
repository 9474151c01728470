"""What an analysis cannot give."""


class AnalysisError(Exception):
    """Something asked for cannot be given; the message says why, and what would be right."""
