"""Engines: each executes a plan and gives its history."""
