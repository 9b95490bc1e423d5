"""The bin: what was deleted lies in it for 30 days, can be taken out again, and counts nowhere."""
