"""Serving of this project."""
