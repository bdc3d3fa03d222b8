/* tests/core: parameters of a method decoded from data: every type, its limits, what is optional,
 * and which member is named when it is wrong. */
#include "services/core/field.h"
#include "services/core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static void missing(void **state)
{
	struct all got;

	(void)state;
	assert_string_equal(wrong_member(needed, "{}", &got), "text");
	assert_string_equal(wrong_member(needed, "{\"text\":null}", &got), "text");
	assert_string_equal(wrong_member(needed, "{\"text\":\"  \"}", &got), "text");
	assert_null(wrong_member(needed, "{\"text\":\"x\"}", &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decoded),
	    cmocka_unit_test(named),
	    cmocka_unit_test(missing),
	};
	int failed;

	arena = arena_create((size_t)1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_destroy(arena);
	return failed;
}
