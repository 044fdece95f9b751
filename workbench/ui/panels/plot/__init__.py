"""The plot panel."""
