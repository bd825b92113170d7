"""Check a project against an organisation's policy."""
