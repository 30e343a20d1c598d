"""One report for many customers: a provider tells it once, each customer has an incident of its own."""
