"""What was recorded of predictions, compared with what was expected."""
