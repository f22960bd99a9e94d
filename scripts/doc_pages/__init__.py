"""The generated pages of docs/, one module a page: each takes its words from the program itself."""
