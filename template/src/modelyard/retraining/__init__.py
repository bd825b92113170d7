"""Training by itself: when there is a reason, whole or not at all."""
