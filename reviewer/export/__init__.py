"""What leaves the house: captions, reports and tables, as text that other programs read."""
