"""What the register gives to others as of a date, byte for byte the same whenever it is asked."""
