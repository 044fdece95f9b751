"""jieba's algorithm over arrays: many runs of a text at once, and no string for a token until its word is asked for.

`alphabet` makes arrays of texts, `stock` of the dictionary; `trie` finds words, `edges` all of a text; `routes` finds
the likeliest way through each run, `guess` new words in what is left over; `numbering` joins them all.
"""
