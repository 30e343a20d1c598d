"""A model of the text of URLs, which ranks the queue of people and never blocks anything."""
