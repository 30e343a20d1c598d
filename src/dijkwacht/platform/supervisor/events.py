"""What happens to the processes. A room connects a receiver; platform knows no room."""

from django.dispatch import Signal

worker_started = Signal()  # `queues` (list[str]; empty: all). Sent in a thread of its own that gives way to jobs
