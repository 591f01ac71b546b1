"""The rules of a service as a lawyer reads them: the page with the decision graph, and steps for other pages."""

from dugnad.pages.console.rules.steps import step_pages

__all__ = ["step_pages"]
