"""Experiment tracking of training runs."""
