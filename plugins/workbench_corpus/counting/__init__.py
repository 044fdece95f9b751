"""A corpus counted: tasks over processes, each leaving a part on disk; parts merged as they come, exactly and bounded.

task.count(folder, task)   in a child: reads, cuts, counts; writes parts/NUMBER and tells its totals
vocabulary.Vocabulary      in the job: words so far, spilled to Parquet beyond a limit
ranking.rank               all words by count, then code point: the final table
second.Second              what needs those ranks: documents in pieces, dispersion, the index of tokens
"""
