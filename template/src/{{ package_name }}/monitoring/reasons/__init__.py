"""What can ask for a retraining: one module a reason."""
