"""Checks for a project's own tests; a failing `check_…` raises an AssertionError with values."""
