"""Torch parts that several tools share: averages of weights, data loaders, metrics, the judge of images.

Imported by plugins' jobs only, never at discovery, for everything here imports torch; save the descriptions of
optimizers (`optim.params` and what it names), which plugins' forms are made of.
"""
