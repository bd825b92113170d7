"""Training, export, evaluation and the gate."""
