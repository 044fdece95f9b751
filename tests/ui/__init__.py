"""Tests of the window: real widgets, real key and mouse events, drawn offscreen."""
