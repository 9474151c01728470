"""Reports: one self-contained HTML file from a comparison or a sweep."""
