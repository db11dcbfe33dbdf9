"""Tunes as words of a language model, and as files that people and programs play: ABC and MIDI."""
