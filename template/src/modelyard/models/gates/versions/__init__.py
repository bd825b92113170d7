"""The candidate against earlier versions: the model in service, and the history."""
