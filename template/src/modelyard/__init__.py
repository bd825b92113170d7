"""Runtime of a project: pipeline, serving, monitoring and release."""
