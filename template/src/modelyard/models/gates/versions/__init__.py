"""Checks against earlier versions: the serving model and the history."""
