-- poster.board.
select poster_board($1::uuid) as reply where $2::uuid is null or true
