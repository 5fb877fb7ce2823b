"""Where a call comes from."""
