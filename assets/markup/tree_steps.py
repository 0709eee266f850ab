"""Steps from element to element of a parsed tree, past texts and comments, without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

# What a reader does not see as part of the text.
_SKIPPED = frozenset({"script", "style", "template", "svg", "math", "iframe", "object", "select", "textarea"})


def walk_elements(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each element under a node when it is entered and when it is left, without recursion."""
    depth = 0
    node = root
    is_new = True
    while True:
        if is_new and (child := find_element_from(node.child if node.tag not in _SKIPPED else None)):
            yield child, False
            node, depth = child, depth + 1
            continue
        if depth == 0:
            return
        yield node, True
        following, is_new = find_element_from(node.next), True
        if following is not None:
            yield following, False
            node = following
            continue
        parent = node.parent
        if parent is None:
            return
        node, depth, is_new = parent, depth - 1, False


def find_element_from(node: LexborNode | None) -> LexborNode | None:
    """The node or the next of its siblings that is an element."""
    while node is not None and not node.is_element_node:
        node = node.next
    return node


def find_element_before(node: LexborNode | None) -> LexborNode | None:
    """The node or the last of the siblings before it that is an element."""
    while node is not None and not node.is_element_node:
        node = node.prev
    return node
