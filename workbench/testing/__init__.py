"""What tests of the host and of plugins use.

`fixtures`: pytest's, loaded with `pytest_plugins = ["workbench.testing.fixtures"]`. `contract`: a base class that
gives every tool its tests. `catalogues`: translations. The rest is what these are made of.
"""
