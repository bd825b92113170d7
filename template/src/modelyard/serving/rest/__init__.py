"""The model as an HTTP service."""
