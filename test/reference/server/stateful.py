"""Services with a state take one call at a time, as a Java server has it: two would share one database session."""
import random
import threading
import time

import omero

CLASHES = [
    "Hibernate session is not re-entrant.\nEither you have two threads operating on the same stateful object "
    "(don't do this)\n or you have a recursive call (recurse on the unwrapped object). ",
    "could not execute query",
    "connection handle already closed",
    None,
]
# Seconds that a call takes at least, so that what is asked at once is in work at once.
LEAST_WORK = 0.002


class NoAnswer(Exception):
    """The call is never answered."""


class StatefulCalls:
    """What all services of a server share: the seeded choice of how a second call fails, and a count."""

    def __init__(self, seed):
        self.random, self.lock, self.most = random.Random(seed), threading.Lock(), 0

    def turn(self):
        return Turn(self)


class Turn:
    """The calls in work on one service."""

    def __init__(self, calls):
        self.calls, self.in_work = calls, 0

    def run(self, work):
        calls = self.calls
        with calls.lock:
            self.in_work += 1
            calls.most = max(calls.most, self.in_work)
            clash = calls.random.choice(CLASHES) if self.in_work > 1 else False
        if clash is None:
            raise NoAnswer()
        try:
            if clash:
                raise omero.InternalException(None, None, clash)
            time.sleep(LEAST_WORK)
            return work()
        finally:
            with calls.lock:
                self.in_work -= 1
