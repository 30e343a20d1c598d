"""The append-only audit log: every change, disclosure, sign-in and read of sensitive rows, provably complete."""
