"""Features of rows, as read by models."""
