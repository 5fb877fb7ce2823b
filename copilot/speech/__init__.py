"""Samples to lines: frames, voice, endpoint, recogniser, and the order in which lines are told."""
