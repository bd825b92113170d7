"""The model over files."""
