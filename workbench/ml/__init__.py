"""Torch parts that several tools share: averages of weights, data loaders, metrics, the judge of images.

Imported by plugins' jobs only, never at discovery: everything here imports torch.
"""
