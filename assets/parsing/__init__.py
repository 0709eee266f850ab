"""Strangers' bytes and texts as plain values; knows no picture, no page."""
