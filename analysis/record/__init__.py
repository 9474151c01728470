"""The record of a run: what was run and with what, whether its files are whole, and whether it comes out the same."""
