"""One module per noun of the command line; each is loaded when it is used."""
