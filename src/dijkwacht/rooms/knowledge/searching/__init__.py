"""Search over what is published: documents of this room and of whoever registers them."""
