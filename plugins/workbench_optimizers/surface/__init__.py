"""Surfaces over the plane: formulas read from text, differentiated as expressions. Needs no torch."""
