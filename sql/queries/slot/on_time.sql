-- A room is on time after all: $5 room, $6 at (null: now, on the conference's clock).
select reply, fault, current from slot_on_time($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::timestamptz)
