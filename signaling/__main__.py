"""`python -m signaling`: the media server as its own process."""

import sys

from signaling.app import run
from signaling.config import from_arguments

if __name__ == "__main__":
    sys.exit(run(from_arguments(sys.argv[1:])))
