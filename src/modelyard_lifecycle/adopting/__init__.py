"""Bring an existing repository under a template."""
