"""Checks of the gate that a candidate must pass."""
