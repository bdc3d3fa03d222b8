-- abstract.import and abstract.import_bulk. $5 rows, $6 those refused before, $7 dry run, $8 without the refused ones.
select reply, fault, current from abstract_import($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::jsonb, $6::jsonb, $7::boolean, $8::boolean)
