/* tests/services: who knows whom: found by address, name, affiliation and earlier work together,
 * and declared; what a person who does can learn: nothing. */
#include "tests/services/review_table.h"

static int fresh(void **state)
{
	table(state);
	office();
	good(setup_saved("[{\"name\":\"Quality\",\"weight\":1,\"min\":0,\"max\":10}]", "true", 1));
	return 0;
}

static const char *keys(const char *affiliation)
{
	return call_sql("select affiliation_keys('%s')", affiliation);
}

static void affiliations_are_compared_by_what_is_theirs(void **state)
{
	(void)state;
	assert_string_equal(keys("Dept. of Physics, University of Copenhagen, Copenhagen, Denmark"),
			    "{copenhagen}");
	assert_string_equal(keys("Københavns Universitet"), "{copenhagen}");
	assert_string_equal(keys("Aarhus University Hospital"), keys("Århus Universitet"));
	assert_string_equal(keys("Technical University of Denmark"),
			    keys("Danmarks Tekniske Universitet"));
	assert_string_not_equal(keys("IT University of Copenhagen"),
				keys("University of Copenhagen"));
	assert_string_not_equal(keys("School of Medicine, Yale University"),
				keys("School of Medicine, Stanford University"));
	assert_string_equal(keys("Novo Nordisk A/S, Bagsværd"), "{\"nordisk novo\"}");
	assert_string_equal(keys("Department of Medicine"), "{\"department medicine\"}");
	assert_string_equal(keys(" , ; "), "{}");
	assert_string_equal(keys("The University"), "{}");
	/* Nothing but such words and a number: itself, and no other. */
	assert_string_equal(keys("Institute 1"), "{\"1 institute\"}");
	assert_string_equal(keys("Institute 1, Copenhagen"), keys("1. Institute"));
	assert_string_not_equal(keys("Institute 2"), keys("Institute 1"));
	assert_string_not_equal(keys("Hospital 1"), keys("Institute 1"));
	assert_string_equal(keys("1, 2"), "{}");
}

static const char *kind(const char *abstract, const struct caller *who)
{
	return call_sql(
	    "select coalesce((select kind from review_conflicts('%s', '%s', '%s')), '')",
	    conference, abstract, who->person);
}

static void what_is_found(void **state)
{
	struct caller ann =
	    reviewer_of("Ann Able", "[]", ",\"affiliations\":\"Aarhus University\\nDTU\"");
	struct caller bob = reviewer_of("Bob Baker", "[]", "");
	struct caller nora = reviewer_of("Nora Number", "[]", ",\"affiliations\":\"Institute 7\"");
	const char *numbered = offered(physics, "Ned Numbered", "Institute 7");
	const char *same_place = offered(physics, "Zoe Zorn", "Aarhus Universitet, Denmark");
	const char *none = offered(physics, "Yan Ypsilon", "University of Oslo");
	const char *same_name = offered(physics, "Bob Baker", "University of Oslo");
	const char *together = offered(physics, "Xia Xu", "University of Bergen");
	const char *later = offered(physics, "Xia Xu", "University of Turku");

	(void)state;
	call_sql("insert into abstract_author (conference, abstract, ord, name, email) select "
		 "'%s', '%s', "
		 "2, 'B. Baker', email from person where id = '%s' returning id",
		 conference, together, bob.person);
	assert_string_equal(kind(numbered, &nora), "affiliation");
	assert_string_equal(kind(same_place, &ann), "affiliation");
	assert_string_equal(kind(same_place, &bob), "");
	assert_string_equal(kind(none, &ann), "");
	assert_string_equal(kind(none, &bob), "");
	assert_string_equal(kind(same_name, &bob), "name");
	assert_string_equal(kind(together, &bob), "author");
	assert_string_equal(kind(together, &ann), "");
	assert_string_equal(kind(later, &bob), "coauthor");
	/* An organiser may know better, but an author stays an author. */
	good(declared(later, bob.person, "false", &organiser));
	assert_string_equal(kind(later, &bob), "");
	good(declared(together, bob.person, "false", &organiser));
	assert_string_equal(kind(together, &bob), "author");
	good(declared(none, bob.person, "true", &organiser));
	assert_string_equal(kind(none, &bob), "organiser");
	assert_fault(assigned(none, &bob), "review.conflict");
	assert_fault(assigned(together, &bob), "review.conflict");
	assert_fault(declared(none, bob.person, "true", &bob), "denied");
}

/* Every call on an abstract answers somebody who knows its authors as it does on one that does not
 * exist. */
static void nothing_there_alike(const char *abstract, const struct caller *who)
{
	const char *ids[] = {abstract, call_uuid()};

	for (int i = 0; i < 2; i++) {
		assert_fault(asked("review.get", ids[i], who), "not_found");
		assert_fault(asked("review.list", ids[i], who), "not_found");
		assert_fault(judged(ids[i], who, "{}", "draft", 0), "not_found");
		assert_fault(judged(ids[i], who, "{\"x\":1}", "final", 7), "not_found");
		assert_fault(declared(ids[i], NULL, "true", who), "not_found");
	}
}

static void an_author_who_reviews(void **state)
{
	struct caller ann = reviewer_of("Ann Able", "[]", "");
	const char *own = offered(physics, "Somebody", "");
	const char *before;

	(void)state;
	good(assigned(own, &ann));
	before = call_method("review.mine", "{}", &ann).text;
	/* She becomes an author later: it is gone for her, though nobody unassigned it. */
	call_sql("insert into abstract_author (conference, abstract, ord, name, email) select "
		 "'%s', '%s', "
		 "2, name, email from person where id = '%s' returning id",
		 conference, own, ann.person);
	assert_int_equal(json_array_size(mine(&ann)), 0);
	assert_string_not_equal(call_method("review.mine", "{}", &ann).text, before);
	nothing_there_alike(own, &ann);
	assert_string_equal(
	    text_at(json_array_get(at(row_of(own, &organiser), "reviewers"), 0), "conflict"),
	    "author");
}

/* Everything an organiser can read, as text. */
static const char *all_that_is_shown(const struct caller *who)
{
	return call_text("%s\n%s\n%s\n%s\n%s\n%s\n%s",
			 call_method("review.progress", "{}", who).text,
			 call_method("review.reviewers", "{}", who).text,
			 call_method("review.conflicts", "{}", who).text,
			 call_method("review.export", "{\"format\":\"pretalx\"}", who).text,
			 call_method("review.export", "{\"format\":\"hotcrp\"}", who).text,
			 call_method("review.export", "{\"format\":\"reviews\"}", who).text,
			 call_method("decision.board", "{}", who).text);
}

static void an_organiser_who_knows_an_author_learns_nothing(void **state)
{
	struct caller helper = reviewer_of("Helga Helper", "[]", "");
	struct caller bob = reviewer_of("Bob Baker", "[]", "");
	const char *own = offered(physics, "Helga Helper", ""),
		   *open = offered(physics, "Zoe Zorn", "");
	const char *before, *after, *full = call_text("{\"%s\":7}", criterion(1));

	(void)state;
	helper.roles |= ROLE_ORGANISER;
	call_sql(
	    "insert into role_grant (conference, person, role) values ('%s', '%s', 'organiser') "
	    "returning role",
	    conference, helper.person);
	good(assigned(open, &bob));
	before = all_that_is_shown(&helper);
	assert_non_null(strstr(before, open));
	/* The selection has it, since its places have to add up; but nothing of its reviews. */
	assert_null(row_of(own, &helper));
	/* Whatever happens to it, she sees the same. */
	good(assigned(own, &bob));
	assert_string_equal(all_that_is_shown(&helper), before);
	good(judged(own, &bob, full, "draft", 0));
	assert_string_equal(all_that_is_shown(&helper), before);
	good(judged(own, &bob, full, "final", 1));
	after = all_that_is_shown(&helper);
	assert_string_equal(after, before);
	/* Somebody else does. */
	assert_non_null(strstr(all_that_is_shown(&organiser), own));
	/* And she can neither assign, nor take away, nor say that it is none, nor import. */
	for (int i = 0; i < 2; i++) {
		const char *id = i == 0 ? own : call_uuid();
		const char *pair =
		    call_text("\"abstract\":\"%s\",\"person\":\"%s\"", id, bob.person);

		assert_fault(told("review.assign", pair, &helper), "not_found");
		assert_fault(told("review.assign", call_text("\"abstract\":\"%s\"", id), &helper),
			     "not_found");
		assert_fault(told("review.unassign", pair, &helper), "not_found");
		assert_fault(declared(id, bob.person, "true", &helper), "not_found");
		assert_fault(declared(id, helper.person, "false", &helper), "not_found");
		assert_fault(asked("review.list", id, &helper), "not_found");
	}
	nothing_there_alike(own, &helper);
	assert_string_equal(
	    told("review.import",
		 call_text(
		     "\"rows\":[{\"number\":\"%s\",\"email\":\"x@example.org\"},{\"number\":\"0\","
		     "\"email\":\"x@example.org\"}]",
		     call_sql("select number from abstract where id = '%s'", own)),
		 &helper)
		.text,
	    "{\"rows\" : [{\"row\":1,\"result\":\"refused\",\"why\":\"abstract\"}, "
	    "{\"row\":2,\"result\":\"refused\",\"why\":\"abstract\"}],\"positions\":{}}");
	/* A balanced round by her counts what she may know of: one place of the open one. */
	after = told("review.assign", "", &helper).text;
	assert_string_equal(after, "{\"assigned\" : 1, \"missing\" : 0,\"positions\":{}}");
}

static void a_declared_conflict(void **state)
{
	struct caller ann = reviewer_of("Ann Able", "[]", ""),
		      bob = reviewer_of("Bob Baker", "[]", "");
	const char *one = offered(physics, "Zoe Zorn", ""),
		   *full = call_text("{\"%s\":7}", criterion(1));

	(void)state;
	good(assigned(one, &ann));
	good(assigned(one, &bob));
	good(judged(one, &ann, full, "final", 0));
	good(judged(one, &bob, "{}", "draft", 0));
	assert_int_equal(int_at(row_of(one, &organiser), "reviews"), 1);
	good(declared(one, NULL, "true", &ann));
	good(declared(one, NULL, "true", &bob));
	/* What was begun is gone; what was finished does not count. */
	assert_int_equal(int_at(row_of(one, &organiser), "reviews"), 0);
	assert_string_equal(call_sql("select count(*) from review where abstract = '%s'", one),
			    "1");
	assert_string_equal(call_sql("select review_comments('%s', '%s')", conference, one), "");
	assert_fault(asked("review.get", one, &ann), "not_found");
	/* No organiser lifts what somebody says of themselves; they do. */
	good(declared(one, ann.person, "false", &organiser));
	assert_fault(assigned(one, &ann), "review.conflict");
	good(declared(one, NULL, "false", &ann));
	good(assigned(one, &ann));
	assert_int_equal(int_at(row_of(one, &organiser), "reviews"), 1);
}

static struct call_result ahead(const char *kind, const char *text, const struct caller *who)
{
	return told("interest.add", call_text("\"kind\":\"%s\",\"text\":\"%s\"", kind, text), who);
}

static json_t *entries(const struct caller *who)
{
	return at(good(call_method("interest.list", "{}", who)), "entries");
}

static void said_ahead_of_any_assignment(void **state)
{
	struct caller ann = reviewer_of("Ann Able", "[]", "");
	const char *zoe = offered(physics, "Zoë Zørn", "University of Oslo"),
		   *xia = offered(physics, "Xia Xu", "Institute 7"),
		   *yan = offered(physics, "Yan Ypsilon", "University of Turku");
	json_t *hit, *miss;
	const char *entry;

	(void)state;
	good(assigned(zoe, &ann));
	good(assigned(yan, &ann));
	hit = good(ahead("person", "Zoe Zorn", &ann));
	entry = text_at(hit, "entry");
	miss = good(ahead("person", "Nobody Here", &ann));
	/* The answer is the same whether there is something of theirs or not. */
	assert_int_equal(json_object_size(hit), json_object_size(miss));
	assert_int_equal(json_object_size(at(hit, "positions")), 0);
	assert_int_equal(json_object_size(at(miss, "positions")), 0);
	assert_int_equal(json_array_size(mine(&ann)), 1);
	assert_string_equal(kind(zoe, &ann), "ahead");
	assert_fault(asked("review.get", zoe, &ann), "not_found");
	good(ahead("place", "Dept. of Physics, Institute 7, Oslo", &ann));
	assert_string_equal(kind(xia, &ann), "ahead");
	assert_string_equal(kind(yan, &ann), "");
	assert_fault(assigned(zoe, &ann), "review.conflict");
	/* The one that is left, once each of two: hers is there already. */
	good(told("review.assign", "", &organiser));
	assert_int_equal(json_array_size(mine(&ann)), 1);
	/* No organiser lifts it; it is among what they see. */
	good(declared(zoe, ann.person, "false", &organiser));
	assert_string_equal(kind(zoe, &ann), "ahead");
	hit = good(call_method("review.conflicts", "{}", &organiser));
	assert_int_equal(json_array_size(at(hit, "ahead")), 3);
	assert_int_equal(int_at(find(at(hit, "ahead"), "text", "Nobody Here"), "abstracts"), 0);
	assert_int_equal(int_at(find(at(hit, "ahead"), "text", "Zoe Zorn"), "abstracts"), 1);
	/* Taken back, it may be given to her again, and does not come by itself. */
	good(told("interest.drop", call_text("\"entry\":\"%s\"", entry), &ann));
	good(told("interest.drop", call_text("\"entry\":\"%s\"", entry), &ann));
	assert_string_equal(kind(zoe, &ann), "");
	assert_int_equal(json_array_size(mine(&ann)), 1);
	good(assigned(zoe, &ann));
	assert_int_equal(json_array_size(mine(&ann)), 2);
}

static void their_own_list(void **state)
{
	struct caller ann = reviewer_of("Ann Able", "[]", ""),
		      bob = reviewer_of("Bob Baker", "[]", ""),
		      none = call_person(conference, "Nina None", ROLE_REVIEWER);
	const char *body =
	    call_text("{\"kind\":\"person\",\"text\":\"Zoe\",\"key\":\"%s\"}", call_uuid());
	const char *entry = text_at(good(call_method("interest.add", body, &ann)), "entry");

	(void)state;
	assert_string_equal(text_at(good(call_method("interest.add", body, &ann)), "entry"), entry);
	assert_string_equal(text_at(good(ahead("person", "ZOË", &ann)), "entry"), entry);
	good(ahead("place", "Københavns Universitet", &ann));
	good(ahead("place", "University of Copenhagen, Denmark", &ann));
	assert_int_equal(json_array_size(entries(&ann)), 2);
	assert_int_equal(json_array_size(entries(&bob)), 0);
	good(told("interest.drop", call_text("\"entry\":\"%s\"", entry), &bob));
	assert_int_equal(json_array_size(entries(&ann)), 2);
	assert_fault(ahead("place", "The University", &ann), "interest.vague");
	assert_fault(ahead("person", "1.", &ann), "interest.vague");
	assert_fault(ahead("person", " ", &ann), "bad_request");
	assert_fault(ahead("people", "Zoe", &ann), "bad_request");
	/* A role alone will do; not once one was removed. */
	good(ahead("person", "Zoe", &none));
	good(told("reviewer.remove",
		  call_text("\"person\":\"%s\",\"reviews\":\"keep\"", bob.person), &organiser));
	assert_fault(ahead("person", "Zoe", &bob), "not_found");
	assert_fault(call_method("interest.list", "{}", &bob), "not_found");
	assert_fault(ahead("person", "Zoe", &organiser), "denied");
	call_sql("with x as (insert into interest_ahead (conference, person, kind, text) select "
		 "'%s', '%s', 'person', 'Name ' || n from generate_series(1, 48) n returning id) "
		 "select count(*) from x",
		 conference, ann.person);
	assert_fault(ahead("person", "One More", &ann), "interest.limit");
	good(ahead("person", "zoe", &ann));
}

/* Whom it names learns nothing of it, organiser or not. */
static void whom_it_names_learns_nothing(void **state)
{
	struct caller helper = call_person(conference, "Helga Helper", ROLE_ORGANISER),
		      bob = reviewer_of("Bob Baker", "[]", "");
	const char *own = offered(physics, "Helga Helper", ""), *before;

	(void)state;
	call_sql("update abstract_author set email = (select email from person where id = '%s') "
		 "where abstract = '%s'",
		 helper.person, own);
	(void)offered(physics, "Zoe Zorn", "");
	before = all_that_is_shown(&helper);
	good(ahead("person", "Helga Helper", &bob));
	assert_string_equal(all_that_is_shown(&helper), before);
	assert_string_equal(kind(own, &bob), "ahead");
	good(ahead("person", "Zoe Zorn", &bob));
	assert_non_null(strstr(all_that_is_shown(&helper), "Zoe Zorn"));
	assert_non_null(strstr(all_that_is_shown(&organiser), "Helga Helper"));
}

static int loads(const char *what)
{
	return atoi(call_sql(
	    "select coalesce(%s(n), 0) from (select count(a.abstract) as n from reviewer r "
	    "left join review_assignment a on a.person = r.person where r.conference = '%s' "
	    "group by r.person) x",
	    what, conference));
}

static void a_balanced_round(void **state)
{
	struct caller r[5];
	const char *body = call_text("{\"key\":\"%s\"}", call_uuid());
	json_t *done;

	(void)state;
	for (int i = 0; i < 5; i++)
		r[i] = reviewer_of(call_text("Reviewer %d", i), "[]", "");
	for (int i = 0; i < 16; i++)
		offered(physics, i % 4 == 0 ? "Reviewer 0" : "Nobody", "");
	done = good(call_method("review.assign", body, &organiser));
	assert_int_equal(int_at(done, "assigned"), 32);
	assert_int_equal(int_at(done, "missing"), 0);
	assert_int_equal(loads("min"), 6);
	assert_int_equal(loads("max"), 7);
	assert_string_equal(
	    call_sql("select count(*) from review_assignment a join review_conflicts('%s') c "
		     "on c.abstract = a.abstract and c.person = a.person",
		     conference),
	    "0");
	/* The same call again is the same round; another one finds nothing to do. */
	good(call_method("review.assign", body, &organiser));
	assert_int_equal(int_at(good(told("review.assign", "", &organiser)), "assigned"), 0);
	/* Somebody goes: what they had is missing and is shared out. */
	good(told("reviewer.remove",
		  call_text("\"person\":\"%s\",\"reviews\":\"keep\"", r[1].person), &organiser));
	good(told("review.assign", "", &organiser));
	call_sql("with x as (delete from reviewer where removed is not null returning person) "
		 "select count(*) from x");
	assert_int_equal(loads("min"), 8);
	assert_int_equal(loads("max"), 8);
}

static void by_topic_and_as_many_as_they_want(void **state)
{
	struct caller p = reviewer_of("Pia Physics", call_text("[\"%s\"]", physics), "");
	struct caller q = reviewer_of("Quin Quark", call_text("[\"%s\"]", physics), ",\"load\":3");
	struct caller v = reviewer_of("Vera Verse", call_text("[\"%s\"]", poetry), "");
	json_t *done;

	(void)state;
	for (int i = 0; i < 6; i++)
		offered(physics, "Nobody", "");
	done = good(told("review.assign", call_text("\"person\":\"%s\"", q.person), &organiser));
	assert_int_equal(int_at(done, "assigned"), 3);
	assert_int_equal(int_at(done, "missing"), 9);
	good(told("review.assign", "", &organiser));
	/* Six of physics each twice: Pia all, Quin the three she wants, and Vera only what else
	 * would be missing. */
	assert_int_equal(json_array_size(mine(&p)), 6);
	assert_int_equal(json_array_size(mine(&q)), 3);
	assert_int_equal(json_array_size(mine(&v)), 3);
	assert_int_equal(int_at(good(told("review.assign", "", &organiser)), "missing"), 0);
	assert_fault(told("review.assign", call_text("\"person\":\"%s\"", call_uuid()), &organiser),
		     "not_found");
	assert_fault(told("reviewer.save",
			  call_text("\"person\":\"%s\",\"tracks\":[\"%s\"]", p.person, call_uuid()),
			  &organiser),
		     "not_found");
}

static void two_rounds_at_once(void **state)
{
	struct call rounds[4];
	struct call_result r[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		(void)reviewer_of(call_text("Reviewer %d", i), "[]", "");
	for (int i = 0; i < 10; i++)
		offered(physics, "Nobody", "");
	for (int i = 0; i < 4; i++)
		rounds[i] = (struct call){"review.assign",
					  call_text("{\"key\":\"%s\"}", call_uuid()), &organiser};
	call_methods(rounds, 4, r);
	for (int i = 0; i < 4; i++)
		good(r[i]);
	assert_string_equal(
	    call_sql("select max(n) from (select count(*) as n from review_assignment where "
		     "conference = '%s' group by abstract) x",
		     conference),
	    "2");
	assert_string_equal(
	    call_sql("select count(*) from review_assignment where conference = '%s'", conference),
	    "20");
}

static void files_of_others(void **state)
{
	struct caller ann = reviewer_of("Ann Able", "[]", "");
	const char *one = offered(physics, "Zoe Zorn", ""), *two = offered(physics, "Ann Able", "");
	const char *email = call_sql("select email from person where id = '%s'", ann.person);
	const char *first = call_sql("select number from abstract where id = '%s'", one);
	const char *second = call_sql("select number from abstract where id = '%s'", two);
	const char *rows = call_text(
	    "\"rows\":[{\"number\":\"%s\",\"email\":\"%s\"},{\"number\":\"%s\",\"email\":\"%s\"},"
	    "{\"number\":\"%s\",\"email\":\"%s\",\"action\":\"conflict\"},{\"number\":\"%s\","
	    "\"email\":"
	    "\"nobody@example.org\"}]",
	    first, email, second, email, second, email, first);
	json_t *list;

	(void)state;
	list = at(good(told("review.import", call_text("%s,\"dry_run\":true", rows), &organiser)),
		  "rows");
	assert_string_equal(text_at(json_array_get(list, 0), "result"), "made");
	assert_int_equal(json_array_size(mine(&ann)), 0);
	list = at(good(told("review.import", rows, &organiser)), "rows");
	assert_string_equal(text_at(json_array_get(list, 1), "why"), "conflict");
	assert_string_equal(text_at(json_array_get(list, 2), "result"), "same");
	assert_string_equal(text_at(json_array_get(list, 3), "why"), "reviewer");
	assert_int_equal(json_array_size(mine(&ann)), 1);
	assert_string_equal(
	    text_at(good(call_method("review.export", "{\"format\":\"pretalx\"}", &organiser)),
		    "text"),
	    call_text("{ \"%s\" : [\"%s\"] }", email, first));
	assert_string_equal(
	    text_at(good(call_method("review.export", "{\"format\":\"hotcrp\"}", &organiser)),
		    "text"),
	    call_text(
		"paper,action,email,reviewtype\r\n\"%s\",\"review\",\"%s\",\"primary\"\r\n\"%s\","
		"\"conflict\",\"%s\",\"\"\r\n",
		first, email, second, email));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(affiliations_are_compared_by_what_is_theirs, fresh),
	    cmocka_unit_test_setup(what_is_found, fresh),
	    cmocka_unit_test_setup(an_author_who_reviews, fresh),
	    cmocka_unit_test_setup(an_organiser_who_knows_an_author_learns_nothing, fresh),
	    cmocka_unit_test_setup(a_declared_conflict, fresh),
	    cmocka_unit_test_setup(said_ahead_of_any_assignment, fresh),
	    cmocka_unit_test_setup(their_own_list, fresh),
	    cmocka_unit_test_setup(whom_it_names_learns_nothing, fresh),
	    cmocka_unit_test_setup(a_balanced_round, fresh),
	    cmocka_unit_test_setup(by_topic_and_as_many_as_they_want, fresh),
	    cmocka_unit_test_setup(two_rounds_at_once, fresh),
	    cmocka_unit_test_setup(files_of_others, fresh),
	};

	return cmocka_run_group_tests_name("review_conflict", tests, setup, teardown);
}
