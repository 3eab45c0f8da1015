"""The child process that sets books: pickled work on standard input, what became of it in the file that it is told."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from .works import set_jobs

if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pickle.dumps(set_jobs(pickle.load(sys.stdin.buffer))))
