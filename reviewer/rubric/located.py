"""YAML text to plain values, with the line that each value came from.

Invariant: the result holds dicts, lists and texts alone. A scalar is the text that stands in the
file, never a number or a date guessed from it (``version: 1.10`` stays "1.10", ``title: No`` stays
"No"): the field that receives it decides what it is. A key whose value is empty or ``null`` counts
as not written. Nothing is executed, and no input can make the result larger than `MAX_VALUES`.
"""

from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_VALUES = 20_000
"""Values after aliases are resolved; the largest credential shipped has some 420."""

MAX_DEPTH = 12
"""Levels of nesting; a credential has 6."""

_CORE_TAG = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(
    _CORE_TAG + name
    for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "value")
)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Path = tuple[str | int, ...]
"""Keys and list indices from the top of the file to one value."""


def dotted(path: Path) -> str:
    """`path` as people write it: ``("elements", 2, "title")`` is ``elements[2].title``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if part.isprintable() else ascii(part))
    return text


class Fault(Exception):
    """Something that the file may not hold: its line (from 1), path and a clause about it."""

    def __init__(self, line: int, path: Path, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Located:
    """The top mapping of a file, and the line (from 1) of each key's value by path."""

    values: dict[str, object]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of `path`, or of the closest thing around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def locate(text: str, example: str = "id: my-credential") -> Located:
    """Read the YAML (or JSON) `text`; raises `Fault` at the first thing that cannot be read.

    `example` is a line such as the file begins with, for the sentence where it does not.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Fault(
            line, (), f"the character U+{error.character:04X} is not allowed; remove it"
        ) from error
    except yaml.MarkedYAMLError as error:
        raise _in_plain_words(error) from error
    except RecursionError as error:
        raise Fault(1, (), "the values are nested too deeply to be read") from error
    if root is None:
        raise Fault(1, (), "the file is empty; it needs at least id, version, title and elements")
    if not isinstance(root, MappingNode):
        raise Fault(
            root.start_mark.line + 1,
            (),
            f"the file must begin with keys such as `{example}`, and this is {_kind(root)}",
        )
    walk = _Walk()
    return Located(walk.mapping(root, ()), walk.lines)


class _Walk:
    """One pass over the node tree: resolves aliases, counts, and notes the lines."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._left = MAX_VALUES

    def value(self, node: Node, path: Path) -> object:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self._left -= 1
        if self._left < 0:
            raise Fault(line, path, f"the file unfolds to more than {MAX_VALUES} values")
        if len(path) > MAX_DEPTH:
            raise Fault(line, path, f"the values are nested more than {MAX_DEPTH} deep")
        if node.tag not in _KNOWN_TAGS:
            raise Fault(line, path, f"the tag {node.tag!r} is not allowed; remove it")
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, ScalarNode):
            plain_null = node.style is None and node.value in _NULLS
            return None if plain_null else _characters(node, path)
        return [self.value(one, (*path, index)) for index, one in enumerate(node.value)]

    def mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        values: dict[str, object] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise Fault(line, path, f"a key must be a word, and this is {_kind(key_node)}")
            key = _characters(key_node, path)
            if key == "<<":
                raise Fault(line, path, "merge keys (<<) are not read; write the keys out")
            if key in first_lines:
                raise Fault(
                    line,
                    (*path, key),
                    f"the key stands twice (first in line {first_lines[key]}); remove one",
                )
            first_lines[key] = line
            self.lines[(*path, key)] = line
            value = self.value(value_node, (*path, key))
            if value is not None:
                values[key] = value
        return values


def _characters(node: ScalarNode, path: Path) -> str:
    """The text of a scalar; JSON writes characters beyond U+FFFF as two escapes, joined here."""
    text: str = node.value
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        line = node.start_mark.line + 1
        raise Fault(line, path, "the text holds half of an escaped character; repair it") from error


def _kind(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "a list"
    return "a group of keys" if isinstance(node, MappingNode) else "one text"


_YAML_PROBLEMS = (
    ("'\\t'", "a tab stands where only spaces may; indent with spaces"),
    ("cannot start any token", "a text that begins with a special character needs quotes"),
    ("mapping values are not allowed", "a text with a colon in it needs quotes, or indent anew"),
    (
        "undefined alias",
        "no anchor stands before this alias; a text that begins with * needs quotes",
    ),
    ("another document", "a second document begins here (---); keep one of them in this file"),
    ("<block end>", "this line does not fit under the ones before it; look at its indentation"),
    ("expected ',' or", "a comma or a closing bracket is missing before this; or put quotes"),
    ("could not find expected ':'", "a key lacks its colon, or a text runs on unindented"),
)
"""What PyYAML says, and the same for someone who does not know YAML."""


def _in_plain_words(error: yaml.MarkedYAMLError) -> Fault:
    problem = error.problem or ""
    if error.context == "while scanning a quoted scalar" and error.context_mark:
        line = error.context_mark.line + 1
        return Fault(line, (), "a quote that opens here is not closed, or not well; look at it")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    for sign, words in _YAML_PROBLEMS:
        if sign in problem:
            return Fault(line, (), words)
    return Fault(line, (), f"this is not valid YAML ({problem}); look at quotes and indentation")
