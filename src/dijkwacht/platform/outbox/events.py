"""What became of a message. A room connects a receiver; platform knows no room.

Each signal is sent with `message` (Message) and `reason` (str, empty for `delivered`), inside the transaction that
marks the event as told: a receiver's changes and that mark stand or fall together, so each event takes effect once. An
error in a receiver does not undo the state of the message; the event is told again later.
"""

from django.dispatch import Signal

delivered = Signal()  # our relay, or the webhook's server, accepted it
bounced = Signal()  # the recipient's side refused it
failed_permanently = Signal()  # we gave up
