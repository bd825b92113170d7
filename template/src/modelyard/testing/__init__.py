"""The assertions that a project's own tests call; each names the file to look at."""
