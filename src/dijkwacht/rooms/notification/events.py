"""What happened in this room, for other rooms to hear within the same transaction."""

from typing import Final

from django.dispatch import Signal

call_recorded: Final = Signal()  # call: Call, acknowledged: bool, actor: Actor; of a call that another room asked for
