"""Draft a project's own files from a table."""
