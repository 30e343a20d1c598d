"""The DNS primary: serves the list as zones to resolvers, by AXFR and IXFR with TSIG, and tells them of each change."""
