"""What an organisation asks of every repository, and whether one keeps to it."""
