"""The folder `.pycandle/` of a user's project, the tools around it, and files written safely."""
