"""What commands share: arguments and what they accept, the lines they print, the terminal."""
