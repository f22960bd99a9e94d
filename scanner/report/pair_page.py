"""placeholder"""
def pair_page(pair):
    return ""
