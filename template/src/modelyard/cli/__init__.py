"""Command-line interface `modelyard`."""
