"""Canary of the batch target."""
