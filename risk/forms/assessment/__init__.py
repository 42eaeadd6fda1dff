"""The form of one assessment, and of the judgement that is copied into it."""
