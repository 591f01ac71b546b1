"""One Python engine in its own environment: reads the table and the inputs as JSON, writes results and CPU time.

Run by `peers.py` under the peers' interpreter: it imports the standard library and the one engine it was asked for.
"""

import importlib
import json
import logging
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Decide = Callable[[dict[str, Any]], Any]


def spiffworkflow(asked: dict[str, Any]) -> Decide:
    """SpiffWorkflow's own DMN engine on its own model of a table, hit policy UNIQUE."""
    take = importlib.import_module
    model = take("SpiffWorkflow.dmn.specs.model")
    engine_of = take("SpiffWorkflow.dmn.engine.DMNEngine").DMNEngine
    scripts = take("SpiffWorkflow.bpmn.script_engine.python_engine").PythonScriptEngine

    table = model.DecisionTable("table", "table", "UNIQUE")
    table.inputs = [model.Input(name, name, name, name, "") for name in asked["names"]]
    output = model.Output("rate", "rate", "rate", "")
    for number, (cells, result) in enumerate(asked["python"], 1):
        rule = model.Rule(f"rule{number}")
        rule.row_number = number
        for column, cell in zip(table.inputs, cells, strict=True):
            entry = model.InputEntry(f"in{number}", column)
            entry.lhs.append(None if cell == "-" else cell)
            rule.inputEntries.append(entry)
        out = model.OutputEntry(f"out{number}", output)
        out.text = str(result)
        rule.outputEntries.append(out)
        table.rules.append(rule)
    engine, workflow = engine_of(table), SimpleNamespace(script_engine=scripts())
    return lambda one: engine.result(SimpleNamespace(data=dict(one), workflow=workflow))["rate"]


def pysfeel(asked: dict[str, Any]) -> Decide:
    """PySFeel has no tables: row by row, cell by cell (it joins intervals by `and` wrongly), the inputs assigned before."""
    parser = importlib.import_module("pySFeel").SFeelParser()

    def decide(one: dict[str, Any]) -> Any:
        for name, value in one.items():
            parser.sFeelParse(f"{name} <- {json.dumps(value, ensure_ascii=False)}")
        for cells, result in asked["cells"]:
            if all(parser.sFeelParse(cell)[1] is True for cell in cells):
                return result
        return None

    return decide


def bkflow_feel(asked: dict[str, Any]) -> Decide:
    """bkflow-feel has no tables: row by row, each row's cells as one condition."""
    parse_expression = importlib.import_module("bkflow_feel.api").parse_expression

    return lambda one: next(
        (result for text, result in asked["conditions"] if parse_expression(text, one) is True), None
    )


ENGINES = {"spiffworkflow": spiffworkflow, "pySFeel": pysfeel, "bkflow-feel": bkflow_feel}


def main() -> None:
    """Decide all inputs once for the results, then again and again for the time."""
    logging.disable(logging.CRITICAL)
    asked = json.load(sys.stdin)
    decide = ENGINES[asked["engine"]](asked)
    results = [decide(one) for one in asked["inputs"]]
    best, until = float("inf"), time.monotonic() + asked["seconds"]
    timed = asked["inputs"][: asked["timed"]]
    while True:
        began = time.process_time()
        for one in timed:
            decide(one)
        best = min(best, (time.process_time() - began) / len(timed))
        if time.monotonic() > until:
            break
    json.dump({"results": results, "each": best}, sys.stdout)


if __name__ == "__main__":
    main()
