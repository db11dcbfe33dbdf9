"""Batches for training, one Lightning data module for each task."""
