"""Performance, measured in pairs on one machine."""
