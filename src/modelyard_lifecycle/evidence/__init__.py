"""Reading the ledger of what ran: the ML Test Score of a project."""
