"""How fast a project serves, beside other ways to serve the same model to the same rows."""
