"""Looking at what was counted: laws, dispersion, contexts."""
