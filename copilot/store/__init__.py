"""Calls kept on this machine: a folder each, readable only by its owner."""
