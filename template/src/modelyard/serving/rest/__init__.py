"""REST target: the model as an HTTP service."""
