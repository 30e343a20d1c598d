"""What somebody acknowledged by telephone, as an officer notes it: who said it, when, from which number."""
