"""Rules applied to facts: write-once, explained, replayable."""
