"""scikit-learn's LASSO for every user, for comparison with balse_lasso_bench.

Each user's problem is given to scikit-learn's own compiled coordinate descent on a Gram matrix
(what Lasso(precompute=gram) runs, without a millisecond of argument checks a user), with only the
tags of the user's items as columns. scikit-learn stops at an absolute duality gap of
tol * |y|^2; here tol is set user by user to --gap times the primal objective over |y|^2. The
objective is known from a first run that is not timed, which favours scikit-learn. Forms: "dense"
forms the Gram matrix with BLAS from a dense matrix, "sparse" from a sparse one; --form best takes
for each user the form whose operation count is lower.
"""
import argparse
import time

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.linear_model import _cd_fast as cd_fast

VALUES = {"favorite": 4, "love": 4, "like": 2, "neutral": 0.1, "dislike": -2, "willsee": 0.5, "wontsee": -0.5}


def read(args):
    ratings = pd.read_csv(args.ratings)
    if args.folds:
        ratings = ratings[pd.read_csv(args.folds)[args.set].to_numpy() != 2]
    tags = pd.read_csv(args.tags)
    items = 1 + max(ratings["item"].max(), tags["item"].max())
    column = pd.factorize(tags["tag"])[0]
    matrix = sp.csr_matrix((tags["weight"], (tags["item"], column)), shape=(items, column.max() + 1))
    if args.scaling == "sd":
        mean = np.asarray(matrix.mean(axis=0)).ravel()
        variance = np.asarray(matrix.multiply(matrix).mean(axis=0)).ravel() - mean**2
        matrix = sp.csr_matrix(matrix @ sp.diags(1 / np.sqrt(np.where(variance > 0, variance, 1))))
    users = [
        (rows["item"].to_numpy(), rows["rating"].map(VALUES).to_numpy(float))
        for _, rows in ratings.groupby("user", sort=True)
    ]
    return matrix, users


def gram_of(matrix, items, form):
    x = matrix[items]
    local = np.unique(x.indices)
    n, p = len(items), len(local)
    if form == "best":  # BLAS does about 16 multiplications in the time of one of scipy's
        form = "dense" if n * p * p / 16 < x.nnz * x.nnz / max(n, 1) + p * p else "sparse"
    if form == "dense":
        place = np.zeros(matrix.shape[1], dtype=np.intp)
        place[local] = np.arange(p)
        dense = np.zeros((n, p))
        dense[np.repeat(np.arange(n), np.diff(x.indptr)), place[x.indices]] = x.data
        mean = dense.mean(axis=0)
        dense -= mean
        return dense, dense.T @ dense, mean
    x = x[:, local]
    mean = np.asarray(x.mean(axis=0)).ravel()
    return x, (x.T @ x).toarray() - n * np.outer(mean, mean), mean


def solve(matrix, user, args, tolerance):
    items, y = user
    centred = y - y.mean()
    norm = centred @ centred
    x, gram, mean = gram_of(matrix, items, args.form)
    q = x.T @ centred
    alpha = args.alpha * len(y)
    w = np.zeros(len(mean))
    if norm == 0 or len(w) == 0 or np.abs(q).max() <= alpha:
        return 0.5 * norm, 0.0
    out = cd_fast.enet_coordinate_descent_gram(
        w, alpha, 0.0, np.ascontiguousarray(gram), q, centred, args.max_iter, tolerance, np.random.mtrand._rand, 0, 0)
    return 0.5 * (norm - w @ q - w @ (q - gram @ w)) + alpha * np.abs(w).sum(), out[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ratings", required=True)
    parser.add_argument("--tags", required=True)
    parser.add_argument("--folds")
    parser.add_argument("--set", default="nb0")
    parser.add_argument("--scaling", default="raw", choices=["raw", "sd"])
    parser.add_argument("--form", default="best", choices=["dense", "sparse", "best"])
    parser.add_argument("--alpha", type=float, default=0.01)
    parser.add_argument("--gap", type=float, default=1e-6)
    parser.add_argument("--max-iter", type=int, default=100000)
    parser.add_argument("--repeat", type=int, default=1)
    args = parser.parse_args()
    matrix, users = read(args)
    tolerances = []
    for user in users:
        primal, _ = solve(matrix, user, args, 1e-4)
        norm = ((user[1] - user[1].mean()) ** 2).sum()
        tolerances.append(args.gap * primal / norm if norm > 0 else 1.0)
    for _ in range(args.repeat):
        begin, cpu = time.perf_counter(), time.process_time()
        results = [solve(matrix, user, args, tol) for user, tol in zip(users, tolerances)]
        seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
        objective = sum(primal / len(user[1]) for (primal, _), user in zip(results, users))
        worst = max(gap / primal if primal > 0 else 0 for primal, gap in results)
        print(f"seconds={seconds:.4f} cpu={cpu:.4f} objective={objective:.8f} worst_gap={worst:.2e} users={len(users)}",
              flush=True)


if __name__ == "__main__":
    main()
