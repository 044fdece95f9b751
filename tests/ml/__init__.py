"""Tests of the parts that tools share."""
