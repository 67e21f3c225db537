"""REST for every step of the line; each change is the same action as in the browser."""
