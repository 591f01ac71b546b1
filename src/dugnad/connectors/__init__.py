"""One folder per outside system: client, simulator, the same tests for both."""
