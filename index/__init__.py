"""Articles → answers: fields, query language, facets, engines."""
