"""The part of the tree that a field gets."""

from __future__ import annotations

from workbench.ui.forms.group import Group
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.listing import Listing
from workbench.ui.forms.node import Node
from workbench.ui.forms.place import Place
from workbench.ui.forms.variant import Variant

MAKERS: dict[str, type[Group] | type[Variant] | type[Listing]] = {
    "group": Group,
    "variant": Variant,
    "list": Listing,
}


def make_node(hub: Hub, place: Place, bare: bool = False) -> Node:
    """The part for one field. bare: without its title, as an element of a list."""
    if place.kind.name in MAKERS:
        return MAKERS[place.kind.name](hub, place, bare)
    return Leaf(hub, place, bare=bare)
