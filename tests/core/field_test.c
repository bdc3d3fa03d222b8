/* tests/core: parameters of a method decoded from data: every type, its limits, what is optional,
 * and which member is named when it is wrong. */
#include "services/core/field.h"
#include "services/core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct all {
	const char *id, *text, *lines, *raw, *email, *at, *choice, *json;
	int64_t number;
	bool yes;
};

#define AT(member) offsetof(struct all, member)

static const struct field fields[] = {
    {"id", FIELD_UUID, AT(id), FIELD_OPTIONAL, 0, 0, NULL},
    {"text", FIELD_TEXT, AT(text), FIELD_OPTIONAL, 5, 0, NULL},
    {"lines", FIELD_LINES, AT(lines), FIELD_OPTIONAL, 20, 0, NULL},
    {"raw", FIELD_RAW, AT(raw), FIELD_OPTIONAL, 10, 0, NULL},
    {"email", FIELD_EMAIL, AT(email), FIELD_OPTIONAL, 0, 0, NULL},
    {"number", FIELD_INT, AT(number), FIELD_OPTIONAL, 10, 1, NULL},
    {"yes", FIELD_BOOL, AT(yes), FIELD_OPTIONAL, 0, 0, NULL},
    {"at", FIELD_INSTANT, AT(at), FIELD_OPTIONAL, 0, 0, NULL},
    {"choice", FIELD_CHOICE, AT(choice), FIELD_OPTIONAL, 0, 0, "entry|exit"},
    {"json", FIELD_JSON, AT(json), FIELD_OPTIONAL, 30, 0, NULL},
    {NULL, FIELD_END, 0, 0, 0, 0, NULL},
};
static const struct field needed[] = {
    {"text", FIELD_TEXT, AT(text), 0, 5, 1, NULL},
    {NULL, FIELD_END, 0, 0, 0, 0, NULL},
};

static struct arena *arena;

static const char *wrong_member(const struct field *table, const char *text, struct all *ret)
{
	json_t *params = json_read_strict(text, strlen(text));
	const char *field = NULL;
	fault f;

	assert_non_null(params);
	memset(ret, 0, sizeof *ret);
	f = fields_decode(arena, table, params, ret, &field);
	json_decref(params);
	if (f == OK)
		return NULL;
	assert_non_null(field);
	return field;
}

static void decoded(void **state)
{
	struct all got;

	(void)state;
	assert_null(wrong_member(fields, "{}", &got));
	assert_null(got.id);
	assert_null(wrong_member(
	    fields,
	    "{\"id\":\"018f3c5a-0000-7000-8000-000000000001\",\"text\":\" øøøøø "
	    "\",\"lines\":\"a\\nb\","
	    "\"raw\":\" as is \",\"email\":\"Some.One@Example.ORG\",\"number\":10,\"yes\":true,"
	    "\"at\":\"2021-05-02T09:00:00+02:00\",\"choice\":\"exit\",\"json\":{\"a\":[1,2]},"
	    "\"unknown\":1}",
	    &got));
	assert_string_equal(got.text, "øøøøø");
	assert_string_equal(got.lines, "a\nb");
	assert_string_equal(got.raw, " as is ");
	assert_string_equal(got.email, "some.one@example.org");
	assert_int_equal(got.number, 10);
	assert_true(got.yes);
	assert_string_equal(got.choice, "exit");
	assert_string_equal(got.json, "{\"a\":[1,2]}");
	assert_null(wrong_member(fields, "{\"text\":null}", &got));
	assert_null(got.text);
}

static void named(void **state)
{
	static const struct {
		const char *member, *params;
	} bad[] = {
	    {"id", "{\"id\":\"1\"}"},
	    {"id", "{\"id\":\"018F3C5A-0000-7000-8000-00000000000G\"}"},
	    {"id", "{\"id\":7}"},
	    {"text", "{\"text\":\"123456\"}"},
	    {"text", "{\"text\":[]}"},
	    {"raw", "{\"raw\":\"12345678901\"}"},
	    {"email", "{\"email\":\"nobody\"}"},
	    {"email", "{\"email\":\"a b@example.org\"}"},
	    {"email", "{\"email\":\"a@example.org\\r\\nBcc: b@example.org\"}"},
	    {"number", "{\"number\":11}"},
	    {"number", "{\"number\":0}"},
	    {"number", "{\"number\":\"1\"}"},
	    {"yes", "{\"yes\":1}"},
	    {"at", "{\"at\":\"yesterday\"}"},
	    {"at", "{\"at\":\"2021-05-02T09:00:00\"}"},
	    {"choice", "{\"choice\":\"sideways\"}"},
	    {"choice", "{\"choice\":\"entry|exit\"}"},
	    {"choice", "{\"choice\":\"ent\"}"},
	    {"json", "{\"json\":\"0123456789012345678901234567890\"}"},
	};
	struct all got;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *member = wrong_member(fields, bad[i].params, &got);

		if (!member || strcmp(member, bad[i].member) != 0)
			fail_msg("%s: %s", bad[i].params, member ? member : "taken");
	}
}

static const struct field edge_id = {"id", FIELD_UUID, AT(id), 0, 0, 0, NULL},
			  edge_text = {"text", FIELD_TEXT, AT(text), 0, 5, 3, NULL},
			  edge_raw = {"raw", FIELD_RAW, AT(raw), 0, 4, 0, NULL},
			  edge_email = {"email", FIELD_EMAIL, AT(email), 0, 0, 0, NULL},
			  edge_int = {"number", FIELD_INT, AT(number), 0, 10, 0, NULL},
			  edge_any = {"number", FIELD_INT, AT(number), 0, 0, 0, NULL},
			  edge_bool = {"yes", FIELD_BOOL, AT(yes), 0, 0, 0, NULL},
			  edge_at = {"at", FIELD_INSTANT, AT(at), 0, 0, 0, NULL},
			  edge_choice = {"choice", FIELD_CHOICE, AT(choice), 0, 0, 0, "entry|exit"},
			  edge_json = {"json", FIELD_JSON, AT(json), 0, 10, 0, NULL};

/* One member of each type: what stands at the edges of it. */
static const struct {
	const struct field *field;
	const char *json;
	bool taken;
} at_the_edge[] = {
    {&edge_id, "\"018F3C5A-0000-7000-8000-00000000000F\"", true},
    {&edge_id, "\"018f3c5a-0000-7000-8000-00000000000f \"", false},
    {&edge_id, "\"018f3c5a00007000800000000000000f\"", false},
    {&edge_id, "\"018f3c5a-0000-7000-8000-00000000000\"", false},
    {&edge_id, "\"{018f3c5a-0000-7000-8000-00000000000f}\"", false},
    {&edge_id, "\"018f3c5a-0000-7000-8000_00000000000f\"", false},
    {&edge_id, "\"\"", false},
    {&edge_id, "null", false},
    {&edge_id, "[]", false},
    {&edge_text, "\"abc\"", true},
    {&edge_text, "\"øøø\"", true},
    {&edge_text, "\"øø\"", false},
    {&edge_text, "\"  ab  \"", false},
    {&edge_text, "\"😀\"", false},
    {&edge_text, "\"øøøøø\"", true},
    {&edge_text, "\"øøøøøø\"", false},
    {&edge_text, "\"\\u200b\\u200b\\u200b\"", false},
    {&edge_text, "\"a\\nb\"", true},
    {&edge_text, "{}", false},
    {&edge_text, "false", false},
    {&edge_raw, "\"\"", true},
    {&edge_raw, "\"øø\"", true},
    {&edge_raw, "\"øøø\"", false},
    {&edge_raw, "\"\\u202e\"", true},
    {&edge_raw, "1", false},
    {&edge_email, "\"a@b.c\"", true},
    {&edge_email, "\"somebody@localhost\"", true},
    {&edge_email, "\"a@b\"", false},
    {&edge_email, "\"@b.c\"", false},
    {&edge_email, "\"a@\"", false},
    {&edge_email, "\"a@b@c.d\"", false},
    {&edge_email, "\"a@b.c,d@e.f\"", false},
    {&edge_email, "\"<a@b.c>\"", false},
    {&edge_email, "\"a\\t@b.c\"", false},
    {&edge_int, "0", true},
    {&edge_int, "10", true},
    {&edge_int, "-1", false},
    {&edge_int, "11", false},
    {&edge_int, "true", false},
    {&edge_int, "null", false},
    {&edge_int, "[1]", false},
    {&edge_any, "9223372036854775807", true},
    {&edge_any, "-9223372036854775808", true},
    {&edge_bool, "true", true},
    {&edge_bool, "false", true},
    {&edge_bool, "0", false},
    {&edge_bool, "\"true\"", false},
    {&edge_bool, "null", false},
    {&edge_at, "\"2021-05-02T09:00Z\"", true},
    {&edge_at, "\"2021-05-02T09:00:00Z\"", true},
    {&edge_at, "\"2021-05-02T09:00:00.123456789Z\"", true},
    {&edge_at, "\"2021-05-02T09:00:00-11:30\"", true},
    {&edge_at, "\"2021-05-02T09:00:00.Z\"", false},
    {&edge_at, "\"2021-05-02T09:00:00.1234567890Z\"", false},
    {&edge_at, "\"2021-05-02 09:00:00Z\"", false},
    {&edge_at, "\"2021-05-02\"", false},
    {&edge_at, "\"2021-05-02T09:00:00+0200\"", false},
    {&edge_at, "\"2021-05-02T09:00:00ZZ\"", false},
    {&edge_at, "\"now\"", false},
    {&edge_at, "\"infinity\"", false},
    {&edge_at, "1619938800", false},
    {&edge_choice, "\"entry\"", true},
    {&edge_choice, "\"exit\"", true},
    {&edge_choice, "\"\"", false},
    {&edge_choice, "\"Entry\"", false},
    {&edge_choice, "\"entry|\"", false},
    {&edge_choice, "\"|\"", false},
    {&edge_choice, "0", false},
    {&edge_json, "[1,2,3]", true},
    {&edge_json, "{\"a\":1234}", true},
    {&edge_json, "{\"a\":12345}", false},
    {&edge_json, "false", true},
    {&edge_json, "7", true},
};

static void edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof at_the_edge / sizeof *at_the_edge; i++) {
		const struct field table[] = {*at_the_edge[i].field, {0}};
		struct all got;
		char params[200];

		snprintf(params, sizeof params, "{\"%s\":%s}", table[0].name, at_the_edge[i].json);
		if ((wrong_member(table, params, &got) == NULL) != at_the_edge[i].taken)
			fail_msg("%s is %s", params, at_the_edge[i].taken ? "refused" : "taken");
	}
}

/* However large a message, a string has an end of its own. */
static void very_long(void **state)
{
	static const struct field table[] = {{"raw", FIELD_RAW, AT(raw), 0, 0, 0, NULL}, {0}};
	struct buffer b = {0};
	struct all got;

	(void)state;
	buffer_printf(&b, "{\"raw\":\"%65536s\"}", "x");
	assert_null(wrong_member(table, b.bytes, &got));
	b.size = 0;
	buffer_printf(&b, "{\"raw\":\"%65537s\"}", "x");
	assert_string_equal(wrong_member(table, b.bytes, &got), "raw");
	buffer_finish(&b);
}

static void no_parameters(void **state)
{
	const char *field = NULL;
	struct all got = {0};

	(void)state;
	assert_true(fields_decode(arena, fields, NULL, &got, &field) == OK);
	assert_true(fields_decode(arena, NULL, NULL, &got, &field) == OK);
	assert_true(fields_decode(arena, needed, NULL, &got, &field) == &fault_bad_request);
	assert_string_equal(field, "text");
}

static void missing(void **state)
{
	struct all got;

	(void)state;
	assert_string_equal(wrong_member(needed, "{}", &got), "text");
	assert_string_equal(wrong_member(needed, "{\"text\":null}", &got), "text");
	assert_string_equal(wrong_member(needed, "{\"text\":\"  \"}", &got), "text");
	assert_null(wrong_member(needed, "{\"text\":\"x\"}", &got));
}

static void when_may_lack_its_offset(void **state)
{
	static const char *const good[] = {"2021-05-02T09:00", "2021-05-02T09:00:30",
					   "2021-05-02T09:00:30.5", "2021-05-02T09:00Z",
					   "2021-05-02T09:00+02:00"};
	static const char *const bad[] = {"2021-05-02",		"2021-05-02T09",
					  "2021-05-02 09:00",	"2021-05-02T09:00 ",
					  "2021-05-02T09:00+2", ""};
	static const struct field when[] = {{"at", FIELD_WHEN, 0, 0, 0, 0, NULL}, {0}};
	struct arena *memory = arena_create(4096);
	const char *at, *member;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		json_t *params = json_pack("{s:s}", "at", good[i]);

		assert_null(fields_decode(memory, when, params, &at, &member));
		assert_string_equal(at, good[i]);
		json_decref(params);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *params = json_pack("{s:s}", "at", bad[i]);

		assert_non_null(fields_decode(memory, when, params, &at, &member));
		json_decref(params);
	}
	arena_destroy(memory);
}

static void none_given_is_not_zero(void **state)
{
	struct {
		const char *number, *yes;
	} got = {NULL, NULL};
	static const struct field fields_[] = {
	    {"number", FIELD_INT, 0, FIELD_OPTIONAL | FIELD_AS_TEXT, 10, 0, NULL},
	    {"yes", FIELD_BOOL, sizeof(char *), FIELD_OPTIONAL | FIELD_AS_TEXT, 0, 0, NULL},
	    {0}};
	struct arena *memory = arena_create(4096);
	json_t *params = json_pack("{}");
	const char *member;

	(void)state;
	assert_null(fields_decode(memory, fields_, params, &got, &member));
	assert_null(got.number);
	assert_null(got.yes);
	json_object_set_new(params, "number", json_integer(0));
	json_object_set_new(params, "yes", json_false());
	assert_null(fields_decode(memory, fields_, params, &got, &member));
	assert_string_equal(got.number, "0");
	assert_string_equal(got.yes, "false");
	json_object_set_new(params, "number", json_integer(11));
	assert_non_null(fields_decode(memory, fields_, params, &got, &member));
	json_decref(params);
	arena_destroy(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(when_may_lack_its_offset),
	    cmocka_unit_test(none_given_is_not_zero),
	    cmocka_unit_test(decoded),
	    cmocka_unit_test(named),
	    cmocka_unit_test(missing),
	    cmocka_unit_test(edges),
	    cmocka_unit_test(very_long),
	    cmocka_unit_test(no_parameters),
	};
	int failed;

	arena = arena_create((size_t)1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_destroy(arena);
	return failed;
}
