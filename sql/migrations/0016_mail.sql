-- A mail about slots carries them as a calendar file.

alter table outbox add column slots uuid[] not null default '{}' constraint outbox_slots check (cardinality(slots) <= 100);
