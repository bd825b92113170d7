"""Assertions for a project's own tests: each `check_…` fails with a sentence that names values."""
