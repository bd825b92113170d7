"""The project's own data."""
