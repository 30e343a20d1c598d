"""Where warned people come, and where the owner of a site can say that it is a mistake."""
