"""Looks after projects that a Copier template gave birth to."""

__version__ = "0.1.0"
