"""A model: an encoder from words to states, and a head on them; and the directory that a trained one is kept in."""
