"""A version of the rules as a document for everybody: one content, as a page and on paper."""
