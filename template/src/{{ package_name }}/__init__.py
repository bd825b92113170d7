"""The project's own part: what a row is, where rows come from, features, models, the service."""
