"""One value in a YAML text replaced, and everything else (comments, order, spacing) left as it was."""

from collections.abc import Sequence
from textwrap import indent

import yaml

_Part = tuple[int, int, bool]


def put(text: str, path: Sequence[str], value: str, *, block: bool) -> str:
    """Return `text` with another value at `path`; `block` writes it under `|`, else on one line.

    Raises KeyError where there is nothing at the path.
    """
    node = _node(text, path)
    start, end = node.start_mark.index, node.end_mark.index
    old = text[start:end]
    after = old[len(old.rstrip()) :]
    if not block:
        return f"{text[:start]}{scalar(value)}{after}{text[end:]}"
    line_start = text.rfind("\n", 0, start) + 1
    indent = len(text[line_start:]) - len(text[line_start:].lstrip(" ")) + 2
    lines = "".join(f"\n{' ' * indent}{line}" for line in value.strip("\n").split("\n"))
    return f"{text[:start]}|{lines}{after or chr(10)}{text[end:]}"


def put_items(text: str, path: Sequence[str], items: Sequence[int | str]) -> str:
    """Return `text` with other items in the list at `path`: a number stands for the item that was there, a
    text for a new one. Raises KeyError where there is no list.
    """
    node = _node(text, path)
    if not isinstance(node, yaml.SequenceNode):
        raise KeyError(path[-1])
    old = [text[one.start_mark.index : one.end_mark.index].rstrip() for one in node.value]
    shown = [old[item] if isinstance(item, int) else item for item in items]
    start, end = node.start_mark.index, node.end_mark.index
    whole = text[start:end]
    after = whole[len(whole.rstrip()) :]
    if node.flow_style:
        return f"{text[:start]}[{', '.join(shown)}]{after}{text[end:]}"
    indent = start - (text.rfind("\n", 0, start) + 1)
    lines = f"\n{' ' * indent}".join(f"- {one}" for one in shown)
    return f"{text[:start]}{lines}{after}{text[end:]}"


def add(text: str, section: str, entry: str) -> str:
    """Return `text` with one more entry, without indentation, at the end of a section; a section that is not there
    is made at the end of the file. Raises KeyError where the section is no block of entries.
    """
    try:
        node = _node(text, (section,))
    except KeyError:
        return f"{text.rstrip()}\n\n{section}:\n{indent(entry, '  ')}\n"
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        raise KeyError(section)
    first, last = node.value[0][0], node.value[-1][1]
    start = first.start_mark.index
    margin = start - (text.rfind("\n", 0, start) + 1)
    before = text[: last.end_mark.index].rstrip()
    line_end = text.find("\n", len(before))
    end = len(text) if line_end < 0 else line_end
    return f"{text[:end]}\n{indent(entry, ' ' * margin)}{text[end:] or chr(10)}"


def scalar(value: str) -> str:
    """Return a text as YAML writes it on one line: plain where that is safe, in quotation marks elsewhere."""
    line = " ".join(value.split())
    written = yaml.safe_dump(line, allow_unicode=True, width=100_000, default_flow_style=True)
    return written.removesuffix("\n").removesuffix("\n...")


def _node(text: str, path: Sequence[str]) -> yaml.Node:
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    for key in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((child for name, child in pairs if name.value == key), None)
        if node is None:
            raise KeyError(key)
    if node is None:
        raise KeyError(path)
    return node
