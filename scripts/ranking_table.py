#!/usr/bin/env python3
"""The table of scripts/ranking.sh: ranking_table.py FOLDER [RELEVANT].

recall@10: the share of a user's relevant test ratings that are among the ten. NDCG@10: the sum of 1 / log2(rank + 1) over
those that are, divided by what it could be at most. Both are means over the users with a relevant test rating. few: the
share of all places that go to items with fewer than 10 known ratings. Each with its mean over the folds and 1.96 standard
errors.
"""

import collections
import csv
import math
import os
import statistics
import sys

PLACES = 10
FEW = 10
TEST = 2


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


class Fold:
    def __init__(self, ratings, parts, relevant):
        self.count = collections.Counter()
        self.known = collections.defaultdict(set)
        self.wanted = collections.defaultdict(set)
        for (user, item, value), part in zip(ratings, parts):
            if part != TEST:
                self.count[item] += 1
                self.known[user].add(item)
            elif float(value) >= relevant:
                self.wanted[user].add(item)

    def popular(self):
        order = [item for item, _ in self.count.most_common()]
        for user, known in self.known.items():
            fresh = (item for item in order if item not in known)
            yield user, [item for _, item in zip(range(PLACES), fresh)]

    def measure(self, lists):
        lists = dict(lists)
        recall = gain = 0.0
        for user, wanted in self.wanted.items():
            found = [1.0 / math.log2(k + 2) for k, item in enumerate(lists.get(user, ())) if item in wanted]
            recall += len(found) / len(wanted)
            gain += sum(found) / sum(1.0 / math.log2(k + 2) for k in range(min(PLACES, len(wanted))))
        given = [item for items in lists.values() for item in items]
        few = sum(self.count[item] < FEW for item in given) / max(1, len(given))
        return recall / len(self.wanted), gain / len(self.wanted), few


def recommended(path):
    lists = collections.defaultdict(list)
    for row in rows(path):
        lists[row[0]].append(row[2])
    return lists


def main():
    folder = sys.argv[1]
    ratings = [row[:3] for row in rows(os.path.join(folder, "ratings.csv"))]
    parts = rows(os.path.join(folder, "folds.csv"))
    values = [float(row[2]) for row in ratings]
    least = max(values) - (max(values) - min(values)) / 8
    relevant = float(sys.argv[2]) if len(sys.argv) > 2 else least
    measured = collections.defaultdict(list)
    files = sorted(name.split(",") for name in os.listdir(folder) if name.count(",") == 2)
    for number in range(len(parts[0]) - 1):
        fold = Fold(ratings, [int(row[1 + number]) for row in parts], relevant)
        measured["", "number of ratings"].append(fold.measure(fold.popular()))
        for at, blend, order in files:
            if int(at) == number:
                path = os.path.join(folder, ",".join((at, blend, order)))
                measured[blend, order].append(fold.measure(recommended(path)))
    print(f"relevant: test ratings of at least {relevant:g}; {len(parts[0]) - 1} folds")
    print(f"{'model':<7}{'order':<19}{'recall@10':<18}{'NDCG@10':<18}few")
    for (blend, order), figures in measured.items():
        text = f"{blend:<7}{order:<19}"
        for column in zip(*figures):
            spread = 1.96 * statistics.stdev(column) / math.sqrt(len(column)) if len(column) > 1 else 0.0
            text += f"{statistics.mean(column):.4f} ± {spread:.4f}   "
        print(text.rstrip())


if __name__ == "__main__":
    main()
