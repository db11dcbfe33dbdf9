"""Parts of counting; `embeddings.cooccurrence` puts them together."""
