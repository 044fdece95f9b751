"""The corpus as it lies on disk: files found, portioned out, unpacked, decoded; whatever cannot be read is listed.

planned = plan(input)            # .plan: Plan with tasks (JSON), files (an Entry each), bytes
read = documents(task)           # .documents: Read, in whatever process
for document in read: ...        # Document, a text of at most about a quarter of a million characters
read.files, read.bytes           # afterwards: an Entry for each file of the task, and what was read of them
read.troubles                    # of those, what went wrong
"""
