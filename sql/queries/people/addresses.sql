-- person.addresses: every address there is, without parameters.
select json_build_object('addresses', coalesce(json_agg(a), '[]'))::text as reply, null::text as fault, null::text as field from person_addresses() a
