"""Serving targets: REST service, batch job and edge bundle of the accepted model."""
