"""Charts: each kind is a module that gathers its table from a run, draws it, and says what there is to see."""
