"""Tells whether the served model is still good, and what is due if it is not."""
