"""Versions as files that cities share: a whole version as JSON, a table as CSV."""
