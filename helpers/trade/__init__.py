"""How lopsided the car trade is, who bears the duty, and what the programme changes."""
