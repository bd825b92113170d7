"""Features of this project."""
