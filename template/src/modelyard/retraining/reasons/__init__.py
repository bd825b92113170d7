"""What may ask for a retraining."""
