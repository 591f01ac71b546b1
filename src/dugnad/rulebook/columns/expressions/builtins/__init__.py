"""Built-in functions by what they work on."""
