"""Canary of the edge target."""
