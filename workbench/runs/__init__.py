"""What is kept of a run: store, recorder, reader, index, exporters.

A workspace is a folder. Each run in it is a folder of its own, with one SQLite file that one writer fills and anybody
reads; the workspace's index is only a cache of what the runs say themselves.
"""
