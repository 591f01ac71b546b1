"""Making the people: deterministic by number, seed and date."""
