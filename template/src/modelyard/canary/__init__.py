"""Before a candidate takes over: is it as good as what serves now?"""
