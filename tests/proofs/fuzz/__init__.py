"""Fuzzing: bytes become documents, cases and acts, and no error but the library's own may come.

`targets` are plain functions of bytes. `python -m tests.proofs.fuzz TARGET FOLDER SECONDS SEED`
lets atheris look for bytes that break one; `inputs/` holds the bytes that reach the most code, one
line of Base64 each, and the suite replays them.
"""
