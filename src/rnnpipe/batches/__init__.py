"""From documents to padded batches of ids, and who stands with whom: training, evaluation and use read the same ones."""
