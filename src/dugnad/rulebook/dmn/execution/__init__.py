"""Running a model: from DMN's boxes to FEEL's tree, from the tree to code, and from requirement to requirement."""
