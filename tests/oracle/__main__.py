"""`make soak`: compare a million cases with the oracle on every core, with progress."""

import os
import sys
import time
from multiprocessing import Pool

from tests.oracle.cases import ZONES, compare

CASES = int(os.environ.get("DESKBELL_ORACLE_CASES", "1_000_000"))
CASES_A_PIECE = 2_500


def main() -> None:
    pieces = [(ZONES[n % len(ZONES)], n) for n in range(-(-CASES // CASES_A_PIECE))]
    begun, compared = time.monotonic(), 0
    with Pool() as pool:
        for cases in pool.imap_unordered(_compare_piece, pieces):
            compared += cases
            spent = time.monotonic() - begun
            sys.stdout.write(f"\r{compared:,} cases, no difference, {spent:,.0f} s ")
            sys.stdout.flush()
    sys.stdout.write("\n")


def _compare_piece(piece: tuple[str, int]) -> int:
    zone, seed = piece
    return compare(zone, seed, CASES_A_PIECE)


if __name__ == "__main__":
    main()
