-- talk.here and talk.check: $5 gone, $6 camera, $7 microphone, $8 delay.
select reply, fault, current from board_here($1::uuid, $2::uuid, $5::boolean, $6::text, $7::text, $8::int)
where $3::uuid is null or $4::bytea is not null
