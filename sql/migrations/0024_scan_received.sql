-- What has arrived lately, for the snapshots' deltas: it arrives in this order, so a range's first and last are enough.
create index scan_received on scan using brin (received) with (pages_per_range = 16, autosummarize = on);
