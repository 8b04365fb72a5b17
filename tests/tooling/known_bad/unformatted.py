"""What black would format: quotes, spaces, a line break and the blank lines."""
RUNTIMES = {'The Matrix':136,
    'Metropolis' : 153 }
def longest( runtimes ) :
    return max( runtimes.values( ) )
