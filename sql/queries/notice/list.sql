-- notice.list: the newest 200 with how many people have read each.
select json_build_object('notices', coalesce((
	select json_agg(notice_row(n) order by n.at desc, n.id)
	from (select id from notice where conference = $1::uuid order by at desc, id limit 200) x join notice n on n.id = x.id), '[]')) as reply
where $2::uuid is null or true
