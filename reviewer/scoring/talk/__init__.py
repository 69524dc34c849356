"""Talk moves: what teachers and pupils do by what they say, learned from an issuer's own labels."""
