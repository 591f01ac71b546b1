"""What a person at the terminal asked for: which service, which case; refused with a sentence where it cannot be."""
