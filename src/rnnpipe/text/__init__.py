"""From examples to numbers: tokenizer, vocabulary, encoding, batches."""
