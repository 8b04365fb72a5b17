"""What the product talks about, as plain immutable values: no I/O, no framework."""
