"""Many replications: comparisons, sweeps and what they find."""
