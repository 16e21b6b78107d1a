"""The command line: one command per file; only here files are written and exit codes chosen."""
