"""The child process that sets books: pickled work on standard input, what became of it on standard output."""

from __future__ import annotations

import pickle
import sys

from .works import set_jobs

if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(set_jobs(pickle.load(sys.stdin.buffer))))
