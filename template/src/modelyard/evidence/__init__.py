"""Evidence of what ran: appended here, read by `modelyard readiness`."""
