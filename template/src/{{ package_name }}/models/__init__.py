"""The project's own models."""
