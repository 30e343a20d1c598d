"""The reporter says that an incident is over: the month of the final report after progress runs from then."""
