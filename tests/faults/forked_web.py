"""The web server of a test that kills ten thousand times: loaded once, forked for every life it has.

What serves is the product's own WSGI application, with a pool of threads as granian has; only the server around it is
this one, because a fork takes milliseconds where loading takes seconds. The socket is the parent's: between two lives a
connection waits, as it does behind any front. `board` says what each thread is at, also after it was killed.
"""

import io
import json
import mmap
import os
import queue
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.util import setup_testing_defaults

import system_runner as runner
from django.db import connections

from dijkwacht.platform import tenancy
from dijkwacht.portal.wsgi import application

THREADS = 6
IDLE, WORKING, COMMITTED = 0, 1, 2
HERE = threading.local()
PATH = "/api/v1/incidents/reports"


class Handler(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


class Server(WSGIServer):
    request_queue_size = 64

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.server_address
        self.setup_environ()


class Lives:
    """`one_life` serves until the moment it is killed at, and says what was in flight then."""

    def __init__(self, port: int, board: Path) -> None:
        board.write_bytes(bytes(THREADS))
        with board.open("r+b") as file:
            self.board = mmap.mmap(file.fileno(), THREADS)
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.set_app(self._asked)

    def _asked(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            self.board[HERE.place] = WORKING
        return application(environ, start_response)

    def _thread(self, place: int) -> None:
        HERE.place = place
        while True:
            request, address = self.server.get_request()
            try:
                self.server.finish_request(request, address)
            except OSError:  # whoever asked has gone
                pass
            finally:
                self.board[place] = IDLE
                self.server.shutdown_request(request)

    def one_life(self, point: str, nth: int, seconds: float) -> dict:
        """`point`: killed when it is reached for the nth time; empty: killed after some seconds, wherever it is."""
        hear, tell = os.pipe()
        child = os.fork()
        if child == 0:
            self._live(point, nth, tell)
        os.close(tell)
        reached = bool(select.select([hear], [], [], seconds)[0])
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(hear)
        at = list(self.board[:])  # slices are bytes; iterating is not
        self.board[:] = bytes(THREADS)
        return {"reached": reached, "working": at.count(WORKING), "committed": at.count(COMMITTED)}

    def _live(self, point: str, nth: int, tell: int) -> None:
        seen, lock = [], threading.Lock()

        def reach(at: str) -> None:
            if at == "committed":
                self.board[HERE.place] = COMMITTED
            with lock:
                seen.extend([at] if at == point else [])
                due = at == point and len(seen) == nth
            if due:
                os.write(tell, b"!")
                time.sleep(120)

        runner.reach = reach
        for place in range(THREADS):
            threading.Thread(target=self._thread, args=[place], daemon=True).start()
        signal.pause()
        os._exit(1)


def answer_hastily() -> None:
    """The control that loses: whoever reports is answered, and a moment later it is committed."""
    inner = tenancy.TransactionMiddleware.__call__

    def hasty(self, request):
        if request.method != "POST":
            return inner(self, request)
        told: queue.Queue = queue.Queue()

        def early(asked):
            response = self.get_response(asked)
            told.put(response)
            time.sleep(0.5)
            return response

        def commit():
            HERE.place = 0
            inner(tenancy.TransactionMiddleware(early), request)
            connections.close_all()

        threading.Thread(target=commit, daemon=True).start()
        return told.get()

    tenancy.TransactionMiddleware.__call__ = hasty


def warm_up(token: str, body: str) -> None:
    """Load what the first report would load (laws, policies, templates), so that no life spends its time on that."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "QUERY_STRING": "validate_only=true",
        "wsgi.input": io.BytesIO(body.encode()),
        "CONTENT_LENGTH": str(len(body.encode())),
        "CONTENT_TYPE": "application/json",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
    }
    setup_testing_defaults(environ)
    b"".join(application(environ, lambda *_told: None))
    connections.close_all()


if __name__ == "__main__":
    if sys.argv[3] == "hasty":
        answer_hastily()
    warm_up(**json.loads(sys.stdin.readline()))
    lives = Lives(int(sys.argv[1]), Path(sys.argv[2]))
    print("true", flush=True)
    for line in sys.stdin:
        print(json.dumps(lives.one_life(**json.loads(line))), flush=True)
