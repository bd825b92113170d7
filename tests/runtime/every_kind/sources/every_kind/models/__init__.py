"""A problem with columns of every kind."""
