"""The library of typical processes."""
