"""Two versions of a service over a whole synthetic population: who would get another outcome, where, for how much."""
