"""The canary of bundles: a test on the device's own libraries, then a few devices first."""
