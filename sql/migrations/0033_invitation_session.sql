-- Whoever is invited to chair is invited to a session.

alter table invitation add column session uuid constraint invitation_session references session on delete set null;
