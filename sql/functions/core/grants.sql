-- What the application may do: its rows, never the schema; what is kept for later questions it may only add to.
do $$
begin
	if exists (select from pg_roles where rolname = 'plenum_app') then
		grant usage on schema public to plenum_app;
		grant select, insert, update, delete on all tables in schema public to plenum_app;
		grant usage on all sequences in schema public to plenum_app;
		revoke update, delete on audit, call_revision, consent, mod_action, scan, judgement, door_search, door_named, decision_log from plenum_app;
		-- What its screen showed may come after the scan.
		grant update (shown_verdict, shown_reason, basis, confirmed) on scan to plenum_app;
		-- And so may who it was, of a scan without a ticket.
		grant update (person, merit) on scan to plenum_app;
		revoke insert, update, delete on migration, schema_version, restore_counter from plenum_app;
	end if;
	if exists (select from pg_roles where rolname = 'plenum_read') then
		grant usage on schema public to plenum_read;
		grant select on all tables in schema public to plenum_read;
		revoke select on ticket, sign_in, entry_code, pairing, outbox, reply from plenum_read;
	end if;
end $$;
