"""A job's life: what a job sees, how it is controlled, run in a process or a thread, supervised and queued."""
