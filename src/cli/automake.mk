# The command ovspan.
