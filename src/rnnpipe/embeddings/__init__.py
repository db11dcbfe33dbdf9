"""Word vectors: how they are learned, kept, exchanged and judged."""
