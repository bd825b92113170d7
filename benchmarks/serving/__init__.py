"""Performance of a project's serving targets, compared with other ways to serve the same model."""
