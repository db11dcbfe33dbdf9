"""What stands on the hidden states of a network: a head owns the loss, the log-probabilities and the decoding."""
