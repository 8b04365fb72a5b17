"""What viewers have said, kept in a database that outlives the process and the power."""
