"""Check and update many projects at once, in parallel and with shared renders."""
