"""From segments to ranked excerpts per element: embedding, locating, citing."""
