-- abstract.mine: one's own. $1 conference, $2 actor.
select reply from abstract_mine($1::uuid, $2::uuid)
