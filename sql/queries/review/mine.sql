-- review.mine: what waits for oneself.
select review_list_mine($1::uuid, $2::uuid) as reply
