"""ALS-WR as the paper's authors wrote it, with numpy: one np.linalg.solve for every user and every item.

usage: peer_als.py RATINGS FOLDS FOLD_SET RANK REPEAT -> seconds=MEDIAN train_rmse=X
"""
import sys
import time

import numpy as np
import pandas as pd

VALUES = {"favorite": 4.0, "like": 2.0, "neutral": 0.1, "dislike": -2.0, "willsee": 0.5, "wontsee": -0.5}
LAMBDA, ITERATIONS = 0.1, 10


def grouped(keys, size):
    order = np.argsort(keys, kind="stable")
    return order, np.r_[0, np.cumsum(np.bincount(keys, minlength=size))]


def solve_all(factors, fixed, columns, ratings, order, start, rank):
    for row in range(len(factors)):
        mine = order[start[row] : start[row + 1]]
        if len(mine):
            x = fixed[columns[mine]]
            gram = x.T @ x + LAMBDA * len(mine) * np.eye(rank)
            factors[row] = np.linalg.solve(gram, x.T @ ratings[mine])


def fit(user, item, rating, users, items, rank):
    random = np.random.RandomState(0)
    u, v = random.rand(users, rank), random.rand(items, rank)
    by_user, by_item = grouped(user, users), grouped(item, items)
    for _ in range(ITERATIONS):
        solve_all(u, v, item, rating, *by_user, rank)
        solve_all(v, u, user, rating, *by_item, rank)
    return u, v


def main():
    path, folds, fold_set, rank, repeat = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
    data = pd.read_csv(path)[(pd.read_csv(folds)[fold_set + "0"] != 2).values]
    user, users = pd.factorize(data.user)
    item, items = pd.factorize(data.item)
    rating = data.rating.map(VALUES).values.astype(float)
    mean = np.bincount(user, rating) / np.bincount(user)
    centred = rating - mean[user]
    seconds = []
    for _ in range(repeat):
        begun = time.perf_counter()
        u, v = fit(user, item, centred, len(users), len(items), rank)
        seconds.append(time.perf_counter() - begun)
    rmse = np.sqrt(np.mean((centred - np.einsum("ij,ij->i", u[user], v[item])) ** 2))
    print(f"seconds={np.median(seconds):.4f} train_rmse={rmse:.6f}")


main()
