"""What the cars would cost in Japan, and what the programme could be worth."""
