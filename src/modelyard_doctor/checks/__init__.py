"""The checks, each a function of the context that yields findings."""
