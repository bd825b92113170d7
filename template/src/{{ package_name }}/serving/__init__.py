"""The project's own service."""
