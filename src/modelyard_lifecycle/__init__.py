"""Create, check and update projects that are generated from a Copier template."""

__version__ = "0.1.0"
