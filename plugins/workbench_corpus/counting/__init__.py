"""A corpus counted: tasks over processes, each leaving a part on disk; parts merged as they come, exactly and bounded.

task.count(folder, task)   in a child: reads, cuts, counts; writes parts/NUMBER, so that little comes back
vocabulary.Vocabulary      in the job: words so far, spilled to Parquet beyond a limit
ranking.Ranking            all words by count, then code point: the final table
second                     what needs those ranks: documents in pieces, the index of tokens
spread, grams              what is looked up in the index: dispersion, runs of words
"""
