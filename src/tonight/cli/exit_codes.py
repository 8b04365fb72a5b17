"""What the exit code of every command means."""

from __future__ import annotations

from typing import Final

FAILED: Final = 1
WRONG_USE: Final = 2
NOTHING_FITS: Final = 3
REFUSED: Final = 4

#: Every exit code, as the reference lists them.
EXIT_CODES: Final = {
    0: "Done. `tonight doctor`: nothing is wrong, or nothing that stops the service.",
    FAILED: "It failed, and standard error says why. `tonight doctor`: at least one line says "
    "`fail`.",
    WRONG_USE: "The command line or a setting is wrong; standard error says what is allowed.",
    NOTHING_FITS: "`tonight suggest`: no film fits, and the answer says which wish to relax. "
    "`tonight search`: no film was found.",
    REFUSED: "`tonight train`, `tonight model publish`: the model is worse, so the one in use "
    "stays. Standard error says by how much.",
    130: "Interrupted (Ctrl-C).",
    141: "Whoever read the output went away (`tonight search night | head -1`); in Python's "
    "`subprocess` it is -13, the signal SIGPIPE.",
}
