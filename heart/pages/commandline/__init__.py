"""The command line: a grammar that knows nothing, words for what is typed, and its running."""
