class Failed(Exception):
    """What went wrong, in words for the person at the terminal."""
