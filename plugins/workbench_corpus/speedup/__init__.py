"""The article's experiment: one growing dict, batches that are merged, several processes."""
