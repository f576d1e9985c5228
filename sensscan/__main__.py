"""`python -m sensscan`."""

from sensscan.cli import main

if __name__ == "__main__":
    main()
