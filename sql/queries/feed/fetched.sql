-- Which clients came, in one go: $1 feeds, $2 Unix milliseconds, $3 agents, $4 releases they were given.
update feed f set fetched = x.at, fetched_agent = x.agent, fetched_version = x.version
from (
	select distinct on (feed) feed, to_timestamp(ms / 1000.0) as at, agent, version
	from unnest($1::uuid[], $2::bigint[], $3::text[], $4::int[]) as u(feed, ms, agent, version)
	order by feed, ms desc
) x
where f.id = x.feed and (f.fetched is null or f.fetched < x.at)
