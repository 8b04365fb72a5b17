"""How much viewers should count beside the raters: ``python -m tools.evaluate.feedback``.

Until an installation has viewers of its own, a third of the raters stand for them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tonight.recsys.weighing import weigh
from tools.evaluate.embedded import load_dataset

_SEED: Final = 3


def main() -> None:
    """Prints what each weight reaches, and what the best one is worth."""
    data = load_dataset()
    order = np.random.default_rng(_SEED).permutation(data.interactions.n_users)
    n_raters = 2 * len(order) // 3
    found = weigh(
        data.interactions.users(np.sort(order[:n_raters])),
        data.items,
        data.interactions.users(np.sort(order[n_raters:])),
        progress=print,
    )
    print(f"chosen: {found.weight:g}")
    for weight, figure in found.test.items():
        print(f"on the test viewers, weight {weight:g}: nDCG@100 {figure:.4f}")


if __name__ == "__main__":
    main()
