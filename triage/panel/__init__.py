"""The pages of the admin panel about the triage rules: read, change, prove, approve."""
