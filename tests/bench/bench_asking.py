#!/usr/bin/env python3
"""Asks `balse predict --watch` for pairs one by one while its model is replaced, and checks every answer.

    bench_asking.py PROGRAM MODEL OTHER_MODEL [PAIRS [REPLACEMENTS]]

The models are of the same users and items, whose ids are numbers from 0 on, as in data/demo. Prints how many answers were
not those of the model that was there, and how long an answer took.
"""
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time

program, *models = (os.path.abspath(path) for path in sys.argv[1:4])
pairs = int(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000
replacements = int(sys.argv[5]) if len(sys.argv) > 5 else 20
questions = ["%d,%d" % (k % 300, k * 7 % 900) for k in range(1000)]

os.chdir(tempfile.mkdtemp())
expected = []
for model in models:
    answers = subprocess.run([program, "predict", "--model", model, "--no-header"], input="\n".join(questions) + "\n",
                             capture_output=True, text=True, check=True).stdout.split("\n")
    expected.append([answer.encode() + b"\n" for answer in answers])
shutil.copy(models[0], "model")
asked = subprocess.Popen([program, "predict", "--model", "model", "--watch", "--no-header"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, bufsize=0)
answers = io.BufferedReader(asked.stdout)
now, wrong, times = 0, 0, []
for k in range(pairs):
    if k > 0 and k % (pairs // (replacements + 1)) == 0:
        now = 1 - now
        shutil.copy(models[now], "new")
        os.rename("new", "model")
    question = questions[k % 1000].encode() + b"\n"
    begin = time.perf_counter_ns()
    asked.stdin.write(question)
    answer = answers.readline()
    times.append(time.perf_counter_ns() - begin)
    wrong += answer != expected[now][k % 1000]
asked.stdin.close()
rest = answers.read()
times.sort()
microseconds = [times[min(len(times) - 1, int(len(times) * share))] / 1000 for share in (.5, .99, .999, 1)]
print("%d asked, %d wrong, %d bytes left over, exit code %d" % (pairs, wrong, len(rest), asked.wait()))
print("microseconds an answer: p50 %.0f, p99 %.0f, p999 %.0f, most %.0f" % tuple(microseconds))
