"""An app for workers of the tests alone: it has a kind of job that ends when it is told to."""
