"""Levers on steering: deadlines, campaigns, pipelines and ceremonies. None is in the core eight."""
