"""What optimizers do to points of the plane: one point, in plain numbers; the real optimizer; thousands at once.

The point (x, y) is one tensor of two rows, named `embedding.weight`, so that every stage has something to act on.
"""

NAME = "embedding.weight"
