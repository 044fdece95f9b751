"""How a text is cut into tokens: jieba and its equal, characters, patterns; dictionary, stop words, folding."""
