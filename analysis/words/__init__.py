"""The words of the two languages: names of kinds side by side, and a catalogue of sentences in Chinese."""
