"""Scenario files: the shipped parks, and how a file becomes a checked scenario."""
