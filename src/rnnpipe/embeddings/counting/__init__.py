"""Co-occurrence counts: `cooccurrence` puts the parts together and reads what they wrote."""
