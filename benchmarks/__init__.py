"""Speed, measured in pairs on one machine."""
