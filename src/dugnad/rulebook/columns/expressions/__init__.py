"""FEEL trees to SQL trees: every node that means the same in a column."""

from dugnad.rulebook.columns.expressions import dates, functions, lists, logic, loops, texts, values
from dugnad.rulebook.columns.expressions.translator import Scope, Translator

__all__ = ["Scope", "Translator", "dates", "functions", "lists", "logic", "loops", "texts", "values"]
