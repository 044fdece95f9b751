"""What tests of the host and of plugins use."""
