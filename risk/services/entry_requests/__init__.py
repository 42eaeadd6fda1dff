"""Entries somebody misses in a closed list: asked for, decided, and put where they were missed."""
