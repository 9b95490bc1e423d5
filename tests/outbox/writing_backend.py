"""A mail server for the fault tests: it writes each letter it takes into a file, slowly."""

import os
import time

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def send_messages(self, messages):
        for message in messages:
            time.sleep(0.002)
            with open(os.environ["TAKEN"], "a", encoding="utf-8") as taken:
                taken.write(f"{message.extra_headers['Message-ID']}\n")
            # Between here and the mark in the database lies what nobody can be sure of.
            time.sleep(0.002)
        return len(messages)
