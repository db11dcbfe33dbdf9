"""rnnpipe: one reproducible pipeline from raw text to compared recurrent networks."""
