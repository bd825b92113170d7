"""The template repository's own tools."""
