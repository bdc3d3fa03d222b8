-- talk.order: $5 session, $6 the talks that wait, $7 their order as it was seen (null: any).
select reply, fault, current from talk_order($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, board_ids($6::json), board_ids($7::json))
