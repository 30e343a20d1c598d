"""CVE records, format 5.x, with the containers of authorised data publishers such as CISA's (SSVC, CVSS, CPE)."""
