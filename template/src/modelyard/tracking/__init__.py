"""What remembers the training runs."""
