"""Canary: comparison of a candidate with the serving model before it takes over."""
