"""The help texts of the metrics, which operators read in Prometheus."""

ACKNOWLEDGED = "From the arrival of a delivery until it is kept and acknowledged"
WELL = "1 where a part of the desk is well, else 0"
WAITING = "Rows that wait, by where"
OLDEST_WAITING = "For how long the oldest row has waited"
AUDITED = "Since the auditor's last round"
REPAIRED = "Tickets that the auditor put right"
