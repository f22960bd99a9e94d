"""Files whose metadata can be read without ExifTool, since nothing in it can matter to what is told of them.

A plain file is one whose every part is known by name: text that can be matched by the mark catalogue as ExifTool would give
it, the few facts that an examination keeps, and blocks whose field names ExifTool takes from tables of its own. Anything else
is odd, and odd files are ExifTool's. Which fields matter comes from the catalogue, the user's rows included.
"""
