"""URL → capture → article → entities → stored, versioned article."""
