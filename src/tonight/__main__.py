"""``python -m tonight`` is ``tonight``."""

from tonight.cli.app import main

if __name__ == "__main__":
    main()
