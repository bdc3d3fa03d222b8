-- desk.list: the desks with something to do.
select desk_list($1::uuid, $2::uuid)::text as reply
