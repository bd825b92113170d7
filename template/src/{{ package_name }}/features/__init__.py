"""The project's own features."""
