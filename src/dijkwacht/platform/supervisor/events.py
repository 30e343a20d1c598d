"""What happens to the processes. A room connects a receiver; platform knows no room."""

from django.dispatch import Signal

# `queues` as below. Sent at the usual priority: threads that are to keep it, such as Polars', are begun here.
worker_starting = Signal()
worker_started = Signal()  # `queues` (list[str]; empty: all). Sent in a thread of its own that gives way to jobs
