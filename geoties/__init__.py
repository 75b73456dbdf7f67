"""Who is linked to whom, since when, how strongly and according to whom."""
