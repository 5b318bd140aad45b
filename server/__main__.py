"""`python -m server` is `duikou`."""

from server.cli import main

main()
