"""Documents by hash: chunked upload, a page that says what a document is, and its bytes."""
