"""The command `modelyard`."""
