"""Derived optimizers: stages such as weight decay, layer adaptation or lookahead, composed over any base of torch.

Su Jianlin, 2019 (archives/7094). `params`, `bases`, `presets` and `export` describe and import no torch, so that a
plugin may declare them; `build` makes the optimizer that they describe; `derived` is that optimizer; `rules` holds the
arithmetic of every stage, for one set of weights or for thousands of trajectories at once.
"""
