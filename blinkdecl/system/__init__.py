"""The machine: HTTP, sockets, retries, files, threads.

Here belongs what would serve any program, with the limits that keep it from hanging or leaking. Nothing here knows a
destination, a plan or a state.
"""
