"""Canary of the REST target."""
