"""`python -m geoties` is the command `geoties`."""

from geoties.cli import main

if __name__ == "__main__":
    main()
