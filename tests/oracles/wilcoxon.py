"""Compares `iqt stats wilcoxon` with SciPy on 200 random samples with ties and zeros.

    python3 wilcoxon.py COMMAND...      for example: python3 wilcoxon.py dotnet iqt.dll

Approximations: scipy.stats.wilcoxon. Exact p: scipy.stats.permutation_test over all sign assignments up to 12 pairs
(SciPy's own exact method knows no ties), scipy.stats.wilcoxon(method='exact') for longer samples without ties.
"""
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from scipy import stats

TOLERANCE = 1e-9
random = np.random.default_rng(2018)


def sample(pairs, number):
    """Eighths are exact in binary, so equal differences are equal; every fourth sample has no ties and no zeros."""
    if number % 4 == 3:
        magnitudes = random.permutation(np.arange(1, 4 * pairs))[:pairs] / 8
        differences = magnitudes * random.choice([-1, 1], pairs)
    else:
        differences = random.integers(-4, 6, pairs) / 8
    second = random.integers(0, 80, pairs) / 8
    return second + differences, second


def positive_ranks(differences, rule, axis=-1):
    """W+ along an axis; the ranks of the absolute differences do not depend on signs."""
    kept = differences if rule == "pratt" else np.where(differences == 0, np.nan, differences)
    ranks = stats.rankdata(np.abs(kept), axis=axis, nan_policy="omit") if rule == "wilcox" else stats.rankdata(np.abs(kept), axis=axis)
    return np.sum(np.where(differences > 0, ranks, 0), axis=axis)


def exact(first, second, rule):
    if len(first) <= 12:
        if rule == "wilcox":
            keep = first != second
            first, second = first[keep], second[keep]
        if len(first) < 2:
            return None
        test = stats.permutation_test(
            (first, second), lambda a, b, axis: positive_ranks(a - b, "pratt", axis),
            permutation_type="samples", vectorized=True, n_resamples=np.inf)
        return test.pvalue
    magnitudes = np.abs(first - second)
    if np.any(magnitudes == 0) or len(np.unique(magnitudes)) < len(magnitudes):
        return None
    return stats.wilcoxon(first, second, method="exact").pvalue


def walsh_median(differences):
    i, j = np.triu_indices(len(differences))
    return np.median((differences[i] + differences[j]) / 2)


def compare(command, folder, pairs, samples):
    for name, side in (("a.csv", 0), ("b.csv", 1)):
        lines = ["subject," + ",".join(f"s{i}" for i in range(len(samples)))]
        lines += [f"sub-{row}," + ",".join(repr(float(s[side][row])) for s in samples) for row in range(pairs)]
        (folder / name).write_text("\n".join(lines) + "\n")
    worst, compared = 0.0, 0
    for rule, name in (("wilcox", "wilcoxon"), ("pratt", "pratt")):
        run = subprocess.run([*command, "stats", "wilcoxon", folder / "a.csv", folder / "b.csv", "--zeros", name, "--json"],
                             capture_output=True, text=True, check=True)
        for found, (first, second) in zip(json.loads(run.stdout), samples):
            differences = first - second
            if not np.any(differences):
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                plain = stats.wilcoxon(first, second, zero_method=rule, method="approx")
                corrected = stats.wilcoxon(first, second, zero_method=rule, method="approx", correction=True)
            expected = {"w": plain.statistic, "pApproximate": plain.pvalue, "pApproximateCorrected": corrected.pvalue,
                        "pExact": exact(first, second, rule)}
            if rule == "wilcox":
                expected["shift"] = walsh_median(differences)
            for key, value in expected.items():
                if value is None:
                    continue
                ours = found[key]["estimate"] if key == "shift" else found[key]
                error = abs(ours - value)
                if not error <= TOLERANCE:
                    sys.exit(f"{pairs} pairs, {rule}, {found['column']}, {key}: {ours} was found, SciPy says {value}")
                worst, compared = max(worst, error), compared + 1
    return worst, compared


def main():
    command = sys.argv[1:] or ["iqt"]
    totals = []
    with tempfile.TemporaryDirectory() as folder:
        for pairs in (4, 8, 12, 20, 40):
            totals.append(compare(command, Path(folder), pairs, [sample(pairs, i) for i in range(40)]))
    print(f"200 samples, {sum(t[1] for t in totals)} figures agree with SciPy {__import__('scipy').__version__}, "
          f"largest difference {max(t[0] for t in totals):.1e}")


main()
