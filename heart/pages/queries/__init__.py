"""Screens and records that join several stages."""

from heart.pages.queries.records import board_snapshot, call_record

__all__ = ["board_snapshot", "call_record"]
