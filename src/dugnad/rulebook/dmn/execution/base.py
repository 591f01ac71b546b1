"""What every box needs on its way into FEEL's tree: texts with their places, types, and a way to refuse."""

from collections.abc import Callable
from dataclasses import dataclass

from dugnad.rulebook.dmn import model
from dugnad.rulebook.dmn.execution.itemtypes import Types
from dugnad.rulebook.dmn.execution.nodes import Refused, Typed
from dugnad.rulebook.dmn.execution.places import Place, Places
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, moved
from dugnad.rulebook.feel.grammar.parser import parse
from dugnad.rulebook.feel.grammar.scope import Scope
from dugnad.rulebook.feel.typed import ANY, FeelType


@dataclass(slots=True)
class Base:
    """Translates within one element. ``report`` takes file, line, what and how to mend it; ``visible`` are the
    types that code may name, ``type_names`` those that a text may.
    """

    file: str
    element: str
    types: Types
    visible: dict[str, FeelType]
    type_names: Scope
    places: Places
    report: Callable[[str, int, str, str], None]
    law: str = ""

    def typed(self, node: Node, kind: FeelType) -> Node:
        """Ask for a type, where one is said."""
        return node if kind == ANY else Typed(node.start, node.end, node, kind)

    def refused(self, line: int, code: str, what: str, mend: str) -> Node:
        """Report a problem and give the node that repeats it when it is reached."""
        self.report(self.file, line, what, mend)
        return self.absent(line, code, what)

    def absent(self, line: int, code: str, what: str) -> Node:
        """Give a node that is null and says why; that DMN allows it to be missing is no problem of the model."""
        start = self.text("", line)
        return Refused(start, start, code, what)

    def text(self, text: str, line: int) -> int:
        """Give the offset of a text among all texts of the model."""
        return self.places.add(Place(self.file, line, self.element, text))

    def foreign(self, box: model.LiteralExpression | model.UnaryTests) -> Node | None:
        """Refuse a text in another language than FEEL, by name."""
        language = self.types.language(box)
        imported = isinstance(box, model.LiteralExpression) and box.imported_values is not None
        if not language and not imported:
            return None
        said = f"in {language}" if language else "in another document"
        what = f"An expression of “{self.element}” stands {said}, which is not run here."
        return self.refused(box.line, "foreign-language", what, "Write it in FEEL.")

    def literal(self, box: model.LiteralExpression, scope: Scope) -> Node:
        """Parse a text; wrong FEEL is reported, with its place."""
        foreign = self.foreign(box)
        if foreign is not None:
            return foreign
        text = box.text or ""
        if not text.strip():
            what = f"An expression of “{self.element}” is empty."
            return self.refused(box.line, "no-logic", what, "Write an expression, or null.")
        try:
            start = self.text(text, box.line)
            return moved(parse(text, names=scope, dialect="dmn", types=self.type_names), start)
        except FeelSyntaxError as error:
            line = box.line + text[: error.start].count("\n")
            what = f"“{self.element}” is not FEEL: {error}"
            self.report(self.file, line, what, "Correct it there.")
            return Refused(start + error.start, start + error.end, "syntax", what)

    def reference(self, kind: FeelType) -> nodes.TypeRef | None:
        """Give a type as FEEL's tree holds it, under a name that no text can spell."""
        if kind == ANY:
            return None
        name = f"→{len(self.visible)}"
        self.visible[name] = kind
        return nodes.TypeRef(0, 0, name)
