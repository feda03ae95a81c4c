"""`python -m backfile`, the same as the command."""

from backfile.cli.main import main

main()
