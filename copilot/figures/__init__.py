"""Figures of a call, from its event log alone, defined as the field defines them."""
