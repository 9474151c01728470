"""Judging the model by what was reported: definitions, arithmetic, predictive intervals, verdicts and their ledger."""
