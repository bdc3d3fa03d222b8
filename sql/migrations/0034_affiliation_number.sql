-- An institution that is called by nothing but words all of them have, and a number or a letter ("Institute 1"), is compared by all of its
-- words: it is itself and no other. One without even that ("The University") still says nothing.
create or replace function affiliation_words(part text) returns text
language sql immutable parallel safe as $$
	select case
		when bool_or(own and char_length(w) > 1) then string_agg(distinct w, ' ' order by w) filter (where own and char_length(w) > 1)
		when bool_or(own) and not bool_and(own) then string_agg(distinct w, ' ' order by w) end
	from (
		select w, w not in ('of', 'the', 'and', 'for', 'at', 'in', 'de', 'la', 'le', 'der', 'die', 'den', 'und', 'von', 'og', 'af',
			'university', 'universitet', 'universitetet', 'universitets', 'universite', 'universidad', 'universita', 'universitat',
			'universiteit', 'univ', 'institute', 'institut', 'instituttet', 'institution', 'hospital', 'hospitalet',
			'universitetshospital', 'school', 'college', 'academy', 'centre', 'center', 'aps', 'as', 'ltd', 'inc', 'gmbh', 'llc', 'plc',
			'corp', 'corporation', 'company') as own
		from (
			select case x when 'kobenhavn' then 'copenhagen' when 'kobenhavns' then 'copenhagen' when 'danmarks' then 'denmark'
				when 'danmark' then 'denmark' when 'tekniske' then 'technical' else x end as w
			from regexp_split_to_table(part, '[^[:alnum:]]+') x where x <> '') y) z
$$;

-- What was computed by the older one; a row is touched only where it comes to something else.
update abstract_author set affiliation = affiliation where places <> affiliation_keys(affiliation);
update reviewer set affiliations = affiliations where places <> affiliation_keys(affiliations);
