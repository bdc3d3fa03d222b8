/* tests/services: people: conferences, import and export, finding people, own channels, mail. */
#include "services/mail/mail.h"
#include "services/people/people.h"
#include "tests/services/people_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct call_result import_rows(const char *rows, const char *more)
{
	return call_method("people.import",
			   call_text("{\"rows\":%s,\"key\":\"%s\"%s}", rows, call_uuid(), more),
			   &organiser);
}

static struct call_result create(const char *slug, const char *zone, const char *starts,
				 const char *ends)
{
	return call_method(
	    "conference.create",
	    call_text("{\"slug\":\"%s\",\"title\":\"T\",\"zone\":\"%s\",\"starts\":\"%s\","
		      "\"ends\":\"%s\",\"key\":\"%s\"}",
		      slug, zone, starts, ends, call_uuid()),
	    &shell);
}

static void conferences(void **state)
{
	(void)state;

	good(create("other", "Europe/Berlin", "2024-02-29", "2024-03-01"));
	assert_fault(create("other", "UTC", "2024-02-29", "2024-03-01"), "conference.exists");
	assert_fault(create("x", "Mars/Base", "2024-02-29", "2024-03-01"), "bad_request");
	assert_fault(create("x", "UTC", "2023-02-29", "2024-03-01"), "bad_request");
	assert_fault(create("x", "UTC", "2024-02-29", "2024-02-01"), "bad_request");
	assert_fault(create("X y", "UTC", "2024-02-29", "2024-03-01"), "bad_request");
	json_t *all = at(good(call_method("conference.list", "{}", NULL)), "conferences");
	int defaults = 0;
	for (size_t i = 0; i < json_array_size(all); i++)
		defaults += json_is_true(at(json_array_get(all, i), "is_default"));
	assert_int_equal(defaults, 1);

	struct call_result doc = call_document("conference.json", &organiser);
	assert_string_equal(text_at(at(good(doc), "conference"), "slug"), "people-test");
	assert_int_equal(int_at(at(doc.json, "info"), "a"), 1);
	assert_non_null(text_at(doc.json, "time"));
	assert_string_equal(doc.etag, call_document("conference.json", &organiser).etag);
	assert_int_equal(json_array_size(at(doc.json, "pages")), 0);
}

static void assert_pages(const char *expected)
{
	struct call_result doc = call_document("conference.json", &organiser);
	char *pages = json_dumps(at(good(doc), "pages"), JSON_COMPACT);

	assert_string_equal(pages, expected);
	free(pages);
}

static void pages_with_something_in_them(void **state)
{
	(void)state;
	call_sql("insert into book (conference, posters, open) values ('%s', true, true)",
		 conference);
	assert_pages("[]");
	call_sql("insert into registration_setting (conference, open) values ('%s', 'approval')",
		 conference);
	assert_pages("[\"register\"]");
	call_sql(
	    "insert into abstract (conference, number, person, title, body, state, received, "
	    "outcome, decided) "
	    "select conference, 1, id, 'A', 'B', 'submitted', now(), 'talk', now() from person "
	    "where conference = '%s' limit 1",
	    conference);
	assert_pages("[\"book\",\"register\"]");
	call_sql("update abstract set outcome = 'poster' where conference = '%s'", conference);
	assert_pages("[\"posters\",\"book\",\"register\"]");
	call_sql("update abstract set outcome = 'declined' where conference = '%s'", conference);
	call_sql("update registration_setting set open = 'closed' where conference = '%s'",
		 conference);
	assert_pages("[]");
}

static void clock_only_forward(void **state)
{
	(void)state;
	json_t *r = good(
	    call_method("conference.clock", "{\"at\":\"2021-05-02T08:55:00+02:00\"}", &organiser));

	assert_memory_equal(text_at(r, "time"), "2021-05-02T06:55:0", 18);
	assert_int_equal(worker_events("clock.changed", "2021-05-02"), 1);
	/* Nothing has happened yet: back is allowed. */
	good(call_method("conference.clock", "{\"at\":\"2021-05-02T08:50:00+02:00\"}", &organiser));
	call_sql("with s as (insert into session (conference, guid, number, title) values ('%s', "
		 "gen_random_uuid(), 1, 'S') "
		 "returning id) insert into talk (conference, session, ord, title, started) "
		 "select '%s', id, 1, 'T', now() from s",
		 conference, conference);
	assert_fault(
	    call_method("conference.clock", "{\"at\":\"2021-05-02T08:00:00+02:00\"}", &organiser),
	    "conference.clock");
	good(call_method("conference.clock", "{\"at\":\"2021-05-02T08:55:00+02:00\"}", &organiser));
	assert_fault(call_method("conference.clock", "{}", &organiser), "bad_request");
}

static void import_creates_and_updates(void **state)
{
	(void)state;
	const char *key = call_uuid();
	const char *body =
	    call_text("{\"rows\":[{\"email\":\"Ada@Example.org\",\"name\":\"Ada Aagaard\"},"
		      "{\"email\":\"bo@example.org\",\"name\":\"Bo\",\"roles\":[\"moderator\"],"
		      "\"mode\":\"online\"}],\"mail\":true,\"key\":\"%s\"}",
		      key);
	struct call_result first = call_method("people.import", body, &organiser);
	json_t *r = good(first);

	assert_int_equal(int_at(r, "created"), 2);
	assert_string_equal(text_at(json_array_get(at(r, "rows"), 0), "result"), "created");
	assert_string_equal(call_method("people.import", body, &organiser).text, first.text);
	assert_string_equal(call_sql("select count(*) from person where email = 'ada@example.org'"),
			    "1");
	assert_string_equal(
	    call_sql("select count(*) from outbox where recipient = 'ada@example.org'"), "1");
	assert_string_equal(
	    call_sql("select count(*) from entry_code e join person p on p.id = e.person "
		     "where p.email in ('ada@example.org', 'bo@example.org')"),
	    "2");
	assert_int_equal(worker_events("role.changed", ""), 0);

	r = good(
	    import_rows("[{\"email\":\"bo@example.org\",\"name\":\"Bo Berg\",\"roles\":[\"desk\"]},"
			"{\"email\":\"ada@example.org\",\"name\":\"Ada Aagaard\"}]",
			""));
	assert_int_equal(int_at(r, "updated"), 2);
	assert_string_equal(
	    call_sql("select string_agg(g.role, ' ') || p.name || p.mode from person p join "
		     "role_grant g "
		     "on g.person = p.id where p.email = 'bo@example.org' group by p.id"),
	    "deskBo Bergonline");
	assert_int_equal(
	    worker_events("role.changed",
			  call_sql("select id from person where email = 'bo@example.org'")),
	    1);
	assert_int_equal(worker_events("role.changed", ""), 1);
}

/* Categories by name: made when they are new, kept where a row says nothing of them. */
static void import_categories(void **state)
{
	static const char *const who =
	    "select string_agg(p.name || ':' || coalesce(c.name, '-'), ' ' order by p.name) from "
	    "person p left join category c on c.id = p.category where p.email like "
	    "'cat_@example.org'";

	(void)state;
	good(import_rows("[{\"email\":\"cat1@example.org\",\"name\":\"One\",\"category\":\"VIP\"},"
			 "{\"email\":\"cat2@example.org\",\"name\":\"Two\",\"category\":\"VIP\"},"
			 "{\"email\":\"cat3@example.org\",\"name\":\"Three\"}]",
			 ""));
	assert_string_equal(call_sql("%s", who), "One:VIP Three:- Two:VIP");
	good(
	    import_rows("[{\"email\":\"cat1@example.org\",\"name\":\"One\"},"
			"{\"email\":\"cat2@example.org\",\"name\":\"Two\",\"category\":\"Press\"},"
			"{\"email\":\"cat3@example.org\",\"name\":\"Three\",\"category\":\"VIP\"}]",
			""));
	assert_string_equal(call_sql("%s", who), "One:VIP Three:VIP Two:Press");
	assert_string_equal(
	    call_sql("select count(*) from category where name in ('VIP', 'Press')"), "2");
}

static void import_refuses(void **state)
{
	(void)state;
	const char *rows =
	    "[{\"email\":\"c1@example.org\",\"name\":\"C\"},{\"email\":\"no "
	    "address\",\"name\":\"C\"},"
	    "{\"email\":\"c2@example.org\",\"name\":\"\"},{\"email\":\"c3@example.org\",\"name\":"
	    "\"C\","
	    "\"roles\":[\"king\"]},{\"email\":\"C1@example.org\",\"name\":\"again\"},"
	    "{\"email\":\"c4@example.org\",\"name\":\"C\",\"mode\":\"asleep\"}]";
	json_t *r = good(import_rows(rows, ""));

	assert_int_equal(int_at(r, "created"), 0);
	assert_int_equal(int_at(r, "refused"), 6);
	assert_string_equal(text_at(json_array_get(at(r, "rows"), 4), "why"),
			    "row 1 has the same address");
	assert_string_equal(
	    call_sql("select count(*) from person where email like 'c_@example.org'"), "0");

	r = good(import_rows(rows, ",\"partial\":true,\"dry_run\":true"));
	assert_int_equal(int_at(r, "created"), 1);
	assert_string_equal(
	    call_sql("select count(*) from person where email like 'c_@example.org'"), "0");
	r = good(import_rows(rows, ",\"partial\":true"));
	assert_int_equal(int_at(r, "created"), 1);
	assert_string_equal(
	    call_sql("select count(*) from person where email like 'c_@example.org'"), "1");

	r = good(import_rows(
	    call_text("[{\"email\":\"%s\",\"name\":\"Ole\",\"roles\":[]}]",
		      call_sql("select email from person where id = '%s'", organiser.person)),
	    ""));
	assert_int_equal(int_at(r, "refused"), 1);
	assert_fault(import_rows("[]", ""), "bad_request");
	assert_fault(import_rows("7", ""), "bad_request");
	assert_fault(call_method("people.import",
				 call_text("{\"rows\":[],\"key\":\"%s\"}", call_uuid()), &desk),
		     "denied");
}

static void export_comes_back(void **state)
{
	(void)state;
	struct arena *arena = arena_create(1 << 20);
	json_t *people = at(good(call_method("people.export", "{}", &organiser)), "people");
	const char *text, *why;
	json_t *rows;

	call_sql("insert into person (conference, email, name) values ('%s', 'f@example.org', "
		 "'=1+1;\"')",
		 conference);
	text =
	    text_at(good(call_method("people.export", "{\"format\":\"csv\"}", &organiser)), "csv");
	assert_non_null(
	    strstr(text, "\"f@example.org\",\"'=1+1;\"\"\",\"\",\"on_site\",\"\",\"\"\r\n"));
	assert_ptr_equal(people_csv_to_rows(arena, text, strlen(text), &rows, &why), OK);
	assert_int_equal(json_array_size(rows), json_array_size(people) + 1);
	assert_string_equal(text_at(json_array_get(rows, 0), "email"), "ada@example.org");
	json_decref(rows);
	arena_destroy(arena);
	call_sql("delete from person where email = 'f@example.org'");
}

static void import_bulk(void **state)
{
	(void)state;
	enum { PEOPLE = 5000 };
	json_t *params = json_pack("{s:[]}", "rows");
	char *text;

	for (int i = 0; i < PEOPLE; i++)
		json_array_append_new(at(params, "rows"),
				      json_pack("{s:s, s:s}", "email",
						call_text("bulk%d@example.org", i), "name",
						"Bulk"));
	text = json_dumps(params, 0);
	assert_int_equal(
	    int_at(good(call_method("people.import_bulk", text, &organiser)), "created"), PEOPLE);
	assert_int_equal(
	    int_at(good(call_method("people.import_bulk", text, &organiser)), "updated"), PEOPLE);
	free(text);
	json_decref(params);
}

static void csv(void **state)
{
	(void)state;
	struct arena *arena = arena_create(1 << 20);
	static const char file[] =
	    "\xef\xbb\xbf"
	    "Name;E;Email;Roles\r\n\"Ødegård; \"\"Ø\"\"\";x;o@example.org;\"speaker, desk\"\r\n\r\n"
	    " Eva ;;eva@example.org;\n";
	static const struct {
		const char *file, *why;
	} bad[] = {{"email,name\na@b.dk,\"A\n", "line 3: a quote is not closed"},
		   {"email,name\na@b.dk\n", "line 2: not as many fields as the first line has"},
		   {"email,name\n\"a\"b,c\n", "line 2: text after the closing quote"},
		   {"mail,name\n",
		    "line 1: the first line must name the columns, email and name among them"},
		   {"email,name,email\n", "line 1: a column is named twice"},
		   {"email,name\n", "line 1: there are no rows"},
		   {"email,name\na,b\n\xff,c\n", "line 3: not UTF-8"},
		   {"", "line 1: the file is empty"}};
	json_t *rows = NULL;
	const char *why = NULL;

	assert_ptr_equal(people_csv_to_rows(arena, file, sizeof(file) - 1, &rows, &why), OK);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(text_at(json_array_get(rows, 0), "name"), "Ødegård; \"Ø\"");
	assert_string_equal(
	    json_string_value(json_array_get(at(json_array_get(rows, 0), "roles"), 1)), "desk");
	assert_string_equal(text_at(json_array_get(rows, 1), "name"), "Eva");
	assert_null(at(json_array_get(rows, 1), "roles"));
	json_decref(rows);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_ptr_equal(
		    people_csv_to_rows(arena, bad[i].file, strlen(bad[i].file), &rows, &why),
		    &fault_bad_request);
		assert_string_equal(why, bad[i].why);
	}
	arena_destroy(arena);
}

static void roles(void **state)
{
	(void)state;
	struct caller plain = call_person(conference, "Plain", 0);

	json_t *r = good(call_method("people.get", "{}", &organiser));
	assert_string_equal(json_string_value(json_array_get(at(at(r, "person"), "roles"), 0)),
			    "organiser");
	plain.roles = ROLE_ATTENDEE;
	r = good(call_method("people.get", "{}", &plain));
	assert_string_equal(json_string_value(json_array_get(at(at(r, "person"), "roles"), 0)),
			    "attendee");
	call_sql("update registration set state = 'cancelled' where person = '%s'", plain.person);
	r = good(call_method("people.get", "{}", &plain));
	assert_int_equal(json_array_size(at(at(r, "person"), "roles")), 1);
	assert_string_equal(json_string_value(json_array_get(at(at(r, "person"), "roles"), 0)),
			    "applicant");
}

static const char *found(const char *text)
{
	json_t *people =
	    at(good(call_method("people.find", call_text("{\"text\":\"%s\"}", text), &desk)),
	       "people");

	return json_array_size(people) == 1 ? text_at(json_array_get(people, 0), "name") : "";
}

static void finding(void **state)
{
	(void)state;
	call_person(conference, "Søren Kærgård", 0);
	assert_string_equal(found("Søren"), "Søren Kærgård");
	assert_string_equal(found("soeren"), "Søren Kærgård");
	assert_string_equal(found("SOREN"), "Søren Kærgård");
	assert_string_equal(found("kaergaard"), "Søren Kærgård");
	assert_string_equal(found("gård sør"), "Søren Kærgård");
	assert_string_equal(found("aga"), "Ada Aagaard");
	assert_string_equal(found("søren x"), "");
	assert_string_equal(found("100%"), "");
	assert_fault(call_method("people.find", "{\"text\":\"åå\"}", &desk), "bad_request");
	json_t *many = at(good(call_method("people.find", "{\"text\":\"bulk\"}", &desk)), "people");
	assert_int_equal(json_array_size(many), 8);
}

static void own_channel(void **state)
{
	(void)state;
	struct caller asker = call_person(conference, "Asker", ROLE_ATTENDEE);
	const char *talk = call_sql("select id from talk where conference = '%s'", conference);
	const char *question =
	    call_sql("insert into question (id, conference, talk, person, text, asked_at) values "
		     "(gen_random_uuid(), '%s', '%s', '%s', 'Why?', now()) returning id",
		     conference, talk, asker.person);

	call_sql("insert into vote (question, person, value, seq) values ('%s', '%s', 1, 41)",
		 question, asker.person);
	json_t *snapshot = at(call_snapshot("person", NULL, conference, asker.person), "snapshot");
	assert_string_equal(text_at(json_array_get(at(snapshot, "questions"), 0), "state"),
			    "pending");
	assert_int_equal(int_at(snapshot, "seq"), 41);
	assert_string_equal(
	    json_string_value(json_array_get(json_array_get(at(snapshot, "votes"), 0), 0)),
	    question);
	assert_null(call_snapshot("person", NULL, conference, call_uuid()));
}

static fault run_mail(struct request *rq, void *dir)
{
	static const struct mail_setup mails = {.base_url = "https://plenum.example.org"};

	return mail_pickup_job(rq, dir, &mails);
}

static void mail_leaves(void **state)
{
	(void)state;
	char dir[] = "/tmp/plenum-mail-XXXXXX";
	char text[4096] = "";
	const char *id, *path;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	call_sql("update outbox set sent = now() where sent is null");
	id = call_sql("insert into outbox (conference, dedupe, recipient, subject, body) values "
		      "('%s', 'test', 'ada@example.org', "
		      "E'Pr\u00f8ve\\r\\nBcc: eve@example.org', E'Hej\\n\u00e5 {base}/attend "
		      "{bas}') returning id",
		      conference);
	assert_int_equal(int_at(good(call_job(run_mail, NULL)), "sent"), 0);
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 1);
	path = call_text("%s/%s.eml", dir, id);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_non_null(strstr(text, "\r\nTo: <ada@example.org>\r\n"));
	assert_non_null(strstr(text, "Subject: =?UTF-8?B?"));
	assert_null(strstr(text, "\nBcc:"));
	assert_non_null(strstr(text, "\r\n\r\nHej\r\nå https://plenum.example.org/attend {bas}"));
	assert_string_equal(
	    call_sql("select body from outbox where id = '%s' and sent is not null", id), "");
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 0);
	unlink(path);
	rmdir(dir);
	call_sql("insert into outbox (conference, dedupe, recipient, subject, body) values ('%s', "
		 "'test2', 'a@b.dk', '', '')",
		 conference);
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 0);
	assert_string_equal(
	    call_sql("select count(*) from outbox where sent is null and lease > now()"), "1");
}

static void codes_leave_before_what_goes_to_many(void **state)
{
	(void)state;
	char dir[] = "/tmp/plenum-mail-XXXXXX";
	const char *id;

	assert_non_null(mkdtemp(dir));
	call_sql("update outbox set sent = now() where sent is null");
	call_sql(
	    "insert into outbox (conference, dedupe, recipient, subject, body, created) select "
	    "'%s', 'notice:x:' || i, 'many@example.org', 's', 'b', now() - interval '1 hour' "
	    "from generate_series(1, 30) i",
	    conference);
	id = call_sql("insert into outbox (conference, dedupe, recipient, subject, body) values "
		      "('%s', 'sign_in:x', 'one@example.org', 's', 'b') returning id",
		      conference);
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 20);
	assert_string_equal(call_sql("select sent is not null from outbox where id = '%s'", id),
			    "t");
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 11);
	for (int i = 0; i < 31; i++)
		assert_int_equal(
		    unlink(call_text("%s/%s.eml", dir,
				     call_sql("select id from outbox where dedupe ~ ':x' order by "
					      "id offset %d limit 1",
					      i))),
		    0);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conferences),
	    cmocka_unit_test(pages_with_something_in_them),
	    cmocka_unit_test(clock_only_forward),
	    cmocka_unit_test(import_creates_and_updates),
	    cmocka_unit_test(import_categories),
	    cmocka_unit_test(import_refuses),
	    cmocka_unit_test(export_comes_back),
	    cmocka_unit_test(import_bulk),
	    cmocka_unit_test(csv),
	    cmocka_unit_test(roles),
	    cmocka_unit_test(finding),
	    cmocka_unit_test(own_channel),
	    cmocka_unit_test(mail_leaves),
	    cmocka_unit_test(codes_leave_before_what_goes_to_many),
	};

	return cmocka_run_group_tests_name("people", tests, setup, teardown);
}
