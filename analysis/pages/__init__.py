"""Pages of the documentation that are made from what the program knows: registries, runs and charts."""
