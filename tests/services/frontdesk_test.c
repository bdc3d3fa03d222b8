/* tests/services: the desk at the door: finding by name and letting in by it, corrections. */
#include "tests/services/frontdesk.h"

static void A31_names_however_they_are_written(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d), soren = guest(&d, "Søren Højgaard"),
		      ase = guest(&d, "Åse Ærøskøbing");
	const char *code = sealed_code(&d, soren.person);
	const char *ways[] = {"soren", "soeren", "SØREN", "Sören", "hojgaard", "HØJGÅRD"};
	struct call_result r;

	(void)state;
	guest(&d, "Mette Sand");
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		r = search(&d, ways[i], &desk);
		assert_int_equal(hits(&r), 1);
		assert_string_equal(text_of(hit(&r, 0), "person"), soren.person);
	}
	assert_string_equal(text_of(hit(&r, 0), "code"), code + 16);
	assert_null(
	    strstr(r.text, call_sql("select email from person where id = '%s'", soren.person)));
	r = search(&d, "aase", &desk);
	assert_string_equal(text_of(hit(&r, 0), "person"), ase.person);
	r = search(&d, "æroskoebing åse", &d.desk);
	assert_string_equal(text_of(hit(&r, 0), "person"), ase.person);
	assert_string_equal(text_of(hit(&r, 0), "ticket"), "none");
	r = search(&d, "nobody at all", &desk);
	assert_int_equal(hits(&r), 0);
	/* What would mean anything in a pattern means itself. */
	r = search(&d, "s%ren", &desk);
	assert_int_equal(hits(&r), 0);
	door_end(&d);
}

static void A31_two_letters_and_the_ninth(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d);
	struct call_result r = search(&d, "so", &desk);

	(void)state;
	assert_fault(&r, "checkin.letters");
	r = search(&d, " s- o1 ", &desk);
	assert_fault(&r, "checkin.letters");
	assert_int_equal(
	    count("select count(*) from door_search where conference = '%s'", d.conference), 0);
	for (int i = 0; i < 8; i++)
		guest(&d, call_text("Nina Hansen %c", 'A' + i));
	r = search(&d, "nina", &desk);
	assert_int_equal(hits(&r), 8);
	assert_false(json_is_true(json_object_get(r.json, "more")));
	guest(&d, "Nina Hansen Z");
	r = search(&d, "NINA", &desk);
	assert_int_equal(hits(&r), 8);
	assert_true(json_is_true(json_object_get(r.json, "more")));
	assert_null(strstr(r.text, "Hansen Z"));
	assert_int_equal(count("select count(*) from door_search where conference = '%s' and "
			       "station = '%s' and staff is null and text = 'nina' and hits = 8 "
			       "and list = '%s'",
			       d.conference, desk.station, d.list),
			 2);
	r = search(&d, "nina", &d.desk);
	assert_int_equal(
	    count("select count(*) from door_search where staff = '%s'", d.desk.person), 1);
	door_end(&d);
}

static void A27_only_the_desk_searches(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d), anna = guest(&d, "Anna Lund");
	struct call_result r = search(&d, "anna", &d.east);

	(void)state;
	assert_fault(&r, "denied");
	r = search(&d, "anna", &anna);
	assert_fault(&r, "denied");
	r = call_method("checkin.search",
			call_text("{\"list\":\"%s\",\"text\":\"anna\"}",
				  call_sql("insert into checkin_list (conference, name) values "
					   "('%s', 'Dinner') returning id",
					   d.conference)),
			&desk);
	assert_fault(&r, "denied");
	r = call_method("checkin.search",
			call_text("{\"list\":\"%s\",\"text\":\"anna\"}", call_uuid()), &d.desk);
	assert_fault(&r, "not_found");
	call_sql("update station set revoked = now() where id = '%s'", desk.station);
	r = search(&d, "anna", &desk);
	assert_fault(&r, "denied");
	door_end(&d);
}

/* The strings of an array, behind each other. */
static const char *names_of(const json_t *array)
{
	const char *all = "";
	size_t i;
	json_t *one;

	json_array_foreach(array, i, one) all = call_text("%s %s", all, json_string_value(one));
	return all;
}

static void namesakes_side_by_side(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d), one = guest(&d, "Lars Jensen"),
		      two = guest(&d, "Lars Jensen");
	const char *code = sealed_code(&d, one.person);
	json_t *first, *differs;
	struct call_result r;

	(void)state;
	guest(&d, "Lars Jensby");
	call_sql("update person set organisation = 'Novo' where id = '%s'", one.person);
	call_sql("update person set organisation = 'DTU' where id = '%s'", two.person);
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "admitted", NULL);
	r = search(&d, "lars jen", &desk);
	assert_int_equal(hits(&r), 3);
	assert_null(json_object_get(hit(&r, 0), "differs"));
	first = hit(&r, 1);
	differs = json_object_get(first, "differs");
	assert_string_equal(text_of(first, "name"), "Lars Jensen");
	assert_string_equal(text_of(hit(&r, 2), "name"), "Lars Jensen");
	assert_non_null(strstr(names_of(differs), "organisation"));
	assert_non_null(strstr(names_of(differs), "came"));
	assert_null(strstr(names_of(differs), "category"));
	r = search(&d, "jensen novo", &desk);
	assert_int_equal(hits(&r), 1);
	first = json_object_get(hit(&r, 0), "came");
	assert_string_equal(text_of(first, "station"), "East");
	assert_non_null(strstr(text_of(first, "at"), "2021-05-02T06:0"));
	door_end(&d);
}

static struct call_result by_name(const struct door *d, const char *person, const char *scan_id,
				  const char *second, const struct caller *who)
{
	return call_method("checkin.admit_person",
			   call_text("{\"list\":\"%s\",\"person\":\"%s\",\"scan_id\":\"%s\","
				     "\"second\":\"%s\"}",
				     d->list, person, scan_id, second),
			   who);
}

static void let_in_by_name(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d), anna = guest(&d, "Anna Lund"),
		      bo = guest(&d, "Bo Berg");
	const char *code = sealed_code(&d, anna.person), *id = call_uuid();
	struct call_result r = by_name(&d, anna.person, id, "mail", &desk), again;

	(void)state;
	assert_verdict(&r, "admitted", NULL);
	again = by_name(&d, anna.person, id, "mail", &desk);
	assert_verdict(&again, "admitted", NULL);
	assert_int_equal(count("select count(*) from door_named where scan = '%s' and station = "
			       "'%s' and second = 'mail'",
			       id, desk.station),
			 1);
	/* The one who was found by name and the one who shows the code are one person. */
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "duplicate");
	r = by_name(&d, bo.person, id, "mail", &desk);
	assert_fault(&r, "key.reused");
	/* Who was never given a code has one from here on. */
	r = by_name(&d, bo.person, call_uuid(), "document", &d.desk);
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(count("select count(*) from entry_code where person = '%s' and row_key is "
			       "not null and sealed is not null",
			       bo.person),
			 1);
	r = by_name(&d, anna.person, call_uuid(), "nothing", &desk);
	assert_fault(&r, "bad_request");
	r = by_name(&d, call_uuid(), call_uuid(), "mail", &desk);
	assert_fault(&r, "not_found");
	r = by_name(&d, anna.person, call_uuid(), "mail", &d.east);
	assert_fault(&r, "denied");
	call_sql("update registration set state = 'cancelled' where person = '%s'", anna.person);
	call_sql("delete from admission where person = '%s'", anna.person);
	r = by_name(&d, anna.person, call_uuid(), "known", &desk);
	assert_verdict(&r, "refused", "revoked");
	door_end(&d);
}

static struct call_result switch_to(const struct door *d, const char *person, const char *mode,
				    const struct caller *who)
{
	return keyed(
	    "registration.switch_mode", who,
	    call_text("\"person\":\"%s\",\"mode\":\"%s\",\"list\":\"%s\"", person, mode, d->list));
}

static void switched_while_there_is_room(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d), anna = guest(&d, "Anna Lund"),
		      olga = guest(&d, "Olga Online");
	const char *code = sealed_code(&d, olga.person), *red;
	struct caller boss = call_person(d.conference, "Orla Organiser", ROLE_ORGANISER);
	struct call_result r;

	(void)state;
	call_sql("update person set mode = 'online' where id = '%s'", olga.person);
	call_sql("update checkin_list set capacity = 1 where id = '%s'", d.list);
	r = scan(&d, code, &desk);
	assert_verdict(&r, "refused", "wrong_mode");
	red = member(&r, "scan_id");
	r = keyed("registration.switch_mode", &d.desk,
		  call_text("\"scan_id\":\"%s\",\"mode\":\"on_site\"", call_uuid()));
	assert_fault(&r, "not_found");
	r = scan(&d, sealed_code(&d, anna.person), &desk);
	assert_verdict(&r, "admitted", NULL);
	r = switch_to(&d, olga.person, "on_site", &desk);
	assert_fault(&r, "registration.full");
	call_sql("update checkin_list set capacity = 2 where id = '%s'", d.list);
	r = keyed("registration.seats", &boss, "\"seats\":3");
	assert_null(r.fault);
	/* Anna, Mette at the desk, and the organiser are on site. */
	assert_int_equal(json_integer_value(json_object_get(r.json, "left")), 0);
	r = switch_to(&d, olga.person, "on_site", &desk);
	assert_fault(&r, "registration.full");
	r = keyed("registration.seats", &boss, "\"seats\":null");
	assert_null(r.fault);
	r = keyed("registration.switch_mode", &desk,
		  call_text("\"scan_id\":\"%s\",\"mode\":\"on_site\"", red));
	assert_null(r.fault);
	assert_string_equal(member(&r, "person"), olga.person);
	r = switch_to(&d, olga.person, "on_site", &desk);
	assert_true(json_is_true(json_object_get(r.json, "noop")));
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.conference = '%s' and c.name = 'door' and e.type "
			       "= 'ticket.changed' and e.data ->> 'ticket' is not null",
			       d.conference),
			 1);
	assert_int_equal(count("select count(*) from audit where conference = '%s' and action = "
			       "'registration.switch_mode' and actor = '%s'",
			       d.conference, desk.station),
			 1);
	r = scan(&d, code, &desk);
	assert_verdict(&r, "admitted", NULL);
	r = switch_to(&d, olga.person, "online", &desk);
	assert_fault(&r, "registration.inside");
	call_sql("update admission set left_at = now() where person = '%s'", olga.person);
	r = switch_to(&d, olga.person, "online", &desk);
	assert_null(r.fault);
	call_sql("update registration set state = 'cancelled' where person = '%s'", olga.person);
	r = switch_to(&d, olga.person, "on_site", &desk);
	assert_fault(&r, "registration.state");
	r = switch_to(&d, olga.person, "on_site", &d.east);
	assert_fault(&r, "denied");
	r = switch_to(&d, call_uuid(), "on_site", &desk);
	assert_fault(&r, "not_found");
	door_end(&d);
}

/* Forty want the last three places at the same time: no more than three get one. */
static void switched_at_once(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d);
	struct call calls[40];
	struct call_result results[40];
	int worked = 0;

	(void)state;
	call_sql("update conference set seats = (select count(*) from person p join registration r "
		 "on r.person = p.id where p.conference = '%s') + 3 where id = '%s'",
		 d.conference, d.conference);
	for (int i = 0; i < 40; i++) {
		struct caller who = guest(&d, call_text("Online %d", i));

		call_sql("update person set mode = 'online' where id = '%s'", who.person);
		calls[i] = (struct call){
		    "registration.switch_mode",
		    call_text("{\"person\":\"%s\",\"mode\":\"on_site\",\"key\":\"%s\"}", who.person,
			      call_uuid()),
		    &desk};
	}
	call_methods(calls, 40, results);
	for (int i = 0; i < 40; i++) {
		if (results[i].fault == NULL)
			worked++;
		else
			assert_string_equal(results[i].fault, "registration.full");
	}
	assert_int_equal(worked, 3);
	door_end(&d);
}

static void names_corrected(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d), anna = guest(&d, "Ana Lunt");
	struct call_result r;

	(void)state;
	sealed_code(&d, anna.person);
	r = keyed("person.rename", &desk,
		  call_text("\"person\":\"%s\",\"name\":\"Anna Lund\",\"expect\":\"Ana Lunt\"",
			    anna.person));
	assert_null(r.fault);
	assert_non_null(json_object_get(json_object_get(r.json, "positions"), "door"));
	r = keyed("person.rename", &desk,
		  call_text("\"person\":\"%s\",\"name\":\"Anne Lund\",\"expect\":\"Ana Lunt\"",
			    anna.person));
	assert_fault(&r, "conflict");
	assert_non_null(strstr(r.current, "Anna Lund"));
	r = search(&d, "anna lund", &desk);
	assert_int_equal(hits(&r), 1);
	r = keyed("person.rename", &desk,
		  call_text("\"person\":\"%s\",\"name\":\"\"", anna.person));
	assert_fault(&r, "bad_request");
	r = keyed("person.rename", &d.east,
		  call_text("\"person\":\"%s\",\"name\":\"X Y\"", anna.person));
	assert_fault(&r, "denied");
	assert_int_equal(count("select count(*) from audit where conference = '%s' and action = "
			       "'person.rename' and detail ->> 'from' = 'Ana Lunt'",
			       d.conference),
			 1);
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(A31_names_however_they_are_written),
	    cmocka_unit_test(A31_two_letters_and_the_ninth),
	    cmocka_unit_test(A27_only_the_desk_searches),
	    cmocka_unit_test(namesakes_side_by_side),
	    cmocka_unit_test(let_in_by_name),
	    cmocka_unit_test(switched_while_there_is_room),
	    cmocka_unit_test(switched_at_once),
	    cmocka_unit_test(names_corrected),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
