# SPDX-License-Identifier: Apache-2.0
"""Starts the native program with the torch of this Python installation, without importing it."""
import importlib.util
import os
import pathlib
import sys


def main():
    here = pathlib.Path(__file__).resolve().parent
    torch = importlib.util.find_spec("torch")  # finds the folder and runs nothing
    if torch is None or not torch.submodule_search_locations:
        if not os.environ.get("ATELIER_LIBTORCH"):
            sys.exit("atelier: torch isn't installed in this Python; install it with: pip install 'torch==2.11.*'")
    else:
        folder = pathlib.Path(torch.submodule_search_locations[0]).resolve()
        # Beside this package, as in every venv, the program finds it itself.
        if folder != here.parent / "torch":
            os.environ.setdefault("ATELIER_LIBTORCH", str(folder))
    program = here / "bin" / "atelier"
    try:
        os.execv(program, ["atelier", *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"atelier: {program} can't be started: {error.strerror}")
