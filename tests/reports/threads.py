"""The same done many times at once."""

import threading


def in_threads(work, *, times):
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
