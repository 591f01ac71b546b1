"""A Dugnad service as standard DMN 1.5, and back.

`export_service(files) -> Definitions`, `import_model(definitions) -> Imported`. Dugnad's own words (titles,
sentences, the files themselves) travel in extension elements of the namespace `NAMESPACE`.
"""
