"""The host's own exporters: each module has `write(reader, path, streams) -> the paths written`."""
