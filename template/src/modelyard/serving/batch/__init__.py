"""Batch target: scoring of files."""
