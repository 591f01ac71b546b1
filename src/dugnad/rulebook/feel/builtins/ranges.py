"""Functions that compare ranges and points."""
