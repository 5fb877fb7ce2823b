"""Pages for the coach: one file each, that opens offline and asks nothing of a network."""
