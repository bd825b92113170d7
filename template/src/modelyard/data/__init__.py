"""Ingestion, validation and splitting of the rows."""
