"""A port that nobody listens at and that the machine gives to no outgoing connection.

A port asked of the machine itself (port 0) lies in the range of outgoing connections: between the asking and the use
another test may be given it, and the test that asked fails with "address already in use".
"""

import random
import socket

BELOW_OUTGOING = range(10_000, 32_768)  # Linux gives outgoing connections 32768 and up (ip_local_port_range)
_choice = random.SystemRandom()  # the other test process must not draw the same ports


def free_port() -> int:
    """Answer a port of 127.0.0.1 that is free for TCP and UDP."""
    while True:
        port = _choice.choice(BELOW_OUTGOING)
        if _is_free(port, socket.SOCK_STREAM) and _is_free(port, socket.SOCK_DGRAM):
            return port


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
