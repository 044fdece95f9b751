"""The pages of the window, one for each tool."""
