"""Parts of the generated reference."""
