"""What the cells of a table speak of, cut into regions, and what rows of them cover."""
