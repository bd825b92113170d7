"""The canary of batch scoring: what was published last, scored again."""
