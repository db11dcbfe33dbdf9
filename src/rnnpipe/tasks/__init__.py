"""The tasks: which batches, which heads, which validation scores. A new task is a file here."""
