"""The window: the only part of the host that knows Qt. It computes nothing and waits for nothing."""
