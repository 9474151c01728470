"""What was found, in full sentences of both languages: the one truth that terminal, report and documents print."""
