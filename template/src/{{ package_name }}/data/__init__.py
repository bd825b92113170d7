"""Ingest of this project."""
