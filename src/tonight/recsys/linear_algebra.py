"""Dense and sparse products that several models need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import lapack

from tonight.recsys.recommender import FloatArray


def weighted_gram(matrix: sparse.csr_array, row_weights: NDArray[np.float64]) -> FloatArray:
    """``matrix.T @ diag(row_weights) @ matrix`` as a dense array.

    Args:
        matrix: Shape (n_rows, n).
        row_weights: Shape (n_rows,).

    Returns:
        Shape (n, n), float32, symmetric.
    """
    weighted = sparse.csr_array(matrix.multiply(row_weights[:, np.newaxis]).astype(np.float32))
    return np.asarray((matrix.T.astype(np.float32) @ weighted).toarray(), dtype=np.float32)


def invert_positive_definite(matrix: FloatArray) -> FloatArray:
    """The inverse of a symmetric positive definite matrix, by its Cholesky factor.

    Args:
        matrix: Shape (n, n), float32, in Fortran order; it is overwritten.

    Returns:
        The inverse, symmetric, in the memory of ``matrix``.

    Raises:
        ValueError: The matrix is not positive definite.
    """
    factor, info = lapack.spotrf(matrix, lower=1, clean=0, overwrite_a=1)
    if info != 0:
        raise ValueError("the matrix is not positive definite: raise the ridge")
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    # LAPACK fills one triangle; blocks keep the mirroring within the cache.
    n = inverse.shape[0]
    step = 512
    for start in range(0, n, step):
        end = min(start + step, n)
        block = inverse[start:end, start:end]
        lower = np.tril(block, -1)
        block[...] = np.tril(block) + lower.T
        inverse[start:end, end:] = inverse[end:, start:end].T
    return np.asarray(inverse, dtype=np.float32)
