"""The game day: a whole running stack, faults from outside, and whether we notice and mend them."""
