"""What Dugnad costs, measured beside a baseline in the same run. `python -m bench [name]`; see README.md."""
