"""DMN 1.5: models as data, read from and written to XML, and run on the rulebook's own FEEL and tables."""
