"""How a case may go, as a diagram and as a table."""

from dugnad.cases.types import TRANSITIONS, diagram


def states_page() -> str:
    """Return the page: the same table twice, once drawn."""
    rows = [f"| {start} | {act} | {end} |" for (start, act), end in TRANSITIONS.items()]
    return "\n".join(
        [
            "# States of a case",
            "",
            "```mermaid",
            diagram().rstrip(),
            "```",
            "",
            "| from | act | to |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )
