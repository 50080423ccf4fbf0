#!/usr/bin/env python3
"""Ten users, their five best and three worst works and the sentences why, in markdown: what to read before a model goes to
people, and to compare two programs or models by.

    scripts/ten_users.py RATINGS NAME=PROGRAM=MODEL[=ORDER]...     such as now=build/release/bin/balse=site.model=lower-bound

Each NAME is a column, ORDER is what `recommend --rank-by` knows. The users lie at equal distances among those with at least 30 ratings, in the order of the file. The
best five are what `recommend` says, the worst three are predicted worst of what has at least 50 ratings and they have not
rated."""
import collections
import csv
import json
import subprocess
import sys

MOST_LIKED = 5
LEAST_LIKED = 3
LEAST_RATINGS_OF_USER = 30
LEAST_RATINGS_OF_ITEM = 50


def ask(program, arguments, text=""):
    return subprocess.run([program, *arguments], input=text, capture_output=True, text=True, check=True).stdout


def best_of(program, model, order, user):
    command = ["recommend", "--model", model, "--user", user, "-n", str(MOST_LIKED), "--format", "jsonl"]
    rows = ask(program, command + ["--rank-by", order] if order else command)
    return [json.loads(row)["item"] for row in rows.splitlines()]


def worst_of(program, model, user, items):
    pairs = "".join(f"{user},{item}\n" for item in items)
    rows = csv.reader(ask(program, ["predict", "--model", model, "--no-header"], pairs).splitlines())
    return [row[1] for row in sorted(rows, key=lambda row: float(row[2]))[:LEAST_LIKED]]


def cells_of(program, model, order, user, items):
    cells = []
    for item in best_of(program, model, order, user) + worst_of(program, model, user, items):
        why = json.loads(ask(program, ["explain", "--model", model, "--user", user, "--item", item, "--json"]))
        cells.append(f"{why['prediction']:.1f} {why['sentence']}".replace("|", "\\|").replace("*", "\\*"))
    return cells


def main():
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} RATINGS NAME=PROGRAM=MODEL[=ORDER]...")
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        ratings = [row[:3] for row in csv.reader(file)][1:]
    rated = collections.defaultdict(dict)
    for user, item, value in ratings:
        rated[user][item] = float(value)
    counts = collections.Counter(item for _, item, _ in ratings)
    enough = [user for user in rated if len(rated[user]) >= LEAST_RATINGS_OF_USER]
    columns = [(argument + "=").split("=")[:4] for argument in sys.argv[2:]]
    for user in enough[len(enough) // 20 :: max(1, len(enough) // 10)][:10]:
        unrated = [item for item, count in counts.items() if count >= LEAST_RATINGS_OF_ITEM and item not in rated[user]]
        mean = sum(rated[user].values()) / len(rated[user])
        print(f"\n### User {user}: {len(rated[user])} ratings, {mean:.1f} on average\n")
        print("| | " + " | ".join(column[0] for column in columns) + " |\n|---|" + "---|" * len(columns))
        rows = zip(*(cells_of(*column[1:], user, unrated) for column in columns))
        for place, row in enumerate(rows):
            name = f"best {place + 1}" if place < MOST_LIKED else f"worst {place + 1 - MOST_LIKED}"
            print(f"| {name} | " + " | ".join(row) + " |")


main()
