-- A whole file (services/schedule) into a conference: $1 its id, or $3 a slug that may be new.
select reply, fault, current
from schedule_import($1::uuid, $2::uuid, $3::text, $4::jsonb, $5::boolean, $6::boolean, $7::boolean)
