"""How templates become code: as Jinja does it, without the two detours that cost a page a fifth of its time.

Jinja sends every call through `Context.call`, which looks for decorators (`pass_context` and its like) that none of our
functions has, and wraps in Markup anew what is Markup already. Pages have a thousand of each.
"""

from typing import Final

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

# Part of the names of kept bytecode: code from before a change here must not be found again.
VERSION: Final = 1


class _Code(CodeGenerator):
    """Calls what is called, and escapes what is not Markup."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802 - Jinja's
        """Write a plain call."""
        if any(
            one.key.startswith("class") for one in node.kwargs
        ):  # a word of Python's: Jinja has its way around
            super().visit_Call(node, frame, forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for one in [*node.args, *node.kwargs]:
            self.visit(one, frame)
            self.write(", ")
        if forward_caller:
            self.write("caller=caller, ")
        for stars, rest in (("*", node.dyn_args), ("**", node.dyn_kwargs)):
            if rest is not None:
                self.write(stars)
                self.visit(rest, frame)
                self.write(", ")
        self.write(")")

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Template(Template):
    """A template that is imported as it is: all of ours have the same globals, which Jinja would compare at every import."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        del ctx
        if self._module is None:
            self._module = self.make_module()
        return self._module


class Templates(Environment):
    """An environment whose templates are compiled as above. None of its functions may ask for Jinja's context."""

    code_generator_class = _Code
    template_class = _Template

    @staticmethod
    def escaped(value: object) -> str:
        """Return a value as it stands in a page."""
        return value if type(value) is Markup else escape(value)
