"""A whole service by column: its facts, rates, open places, steps and control points as one statement."""
