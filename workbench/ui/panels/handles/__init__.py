"""Gestures that set parameters."""
