/* tests/services: what the tests of the programme share: files read and imported, short ways to
 * look into replies. */
#ifndef TESTS_SCHEDULE_SUPPORT_H
#define TESTS_SCHEDULE_SUPPORT_H

#include "services/schedule/schedule.h"
#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *memory;

static inline const char *text_at(const json_t *json, const char *member)
{
	const char *s = json_string_value(json_object_get(json, member));

	return s != NULL ? s : "";
}

static inline int int_at(const json_t *json, const char *member)
{
	return (int)json_integer_value(json_object_get(json, member));
}

static inline json_t *at(const json_t *json, const char *member)
{
	return json_object_get(json, member);
}

/* The first object of a list whose member has this text. */
static inline json_t *find(const json_t *list, const char *member, const char *text)
{
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i,
			   one) if (strcmp(text_at(one, member), text) == 0) return one;
	return NULL;
}

static inline json_t *good(struct call_result r)
{
	if (r.fault != NULL)
		fail_msg("fault %s, field %s, current %s", r.fault, r.field, r.current);
	assert_non_null(r.json);
	return r.json;
}

static inline void assert_fault(struct call_result r, const char *code)
{
	if (r.fault == NULL)
		fail_msg("expected %s, got %s", code, r.text);
	assert_string_equal(r.fault, code);
}

static inline int count(const char *query)
{
	return atoi(call_sql("%s", query));
}

/* NULL when there is no such file. */
static inline char *file_bytes(const char *path, size_t *ret_size)
{
	FILE *f = fopen(path, "rb");
	char *bytes;

	if (f == NULL)
		return NULL;
	fseek(f, 0, SEEK_END);
	*ret_size = (size_t)ftell(f);
	rewind(f);
	bytes = arena_alloc(memory, *ret_size + 1);
	assert_int_equal(fread(bytes, 1, *ret_size, f), *ret_size);
	fclose(f);
	return bytes;
}

static inline char *fixture(const char *name, size_t *ret_size)
{
	char *bytes =
	    file_bytes(arena_printf(memory, "tests/fixtures/schedule/%s", name), ret_size);

	assert_non_null(bytes);
	return bytes;
}

static inline json_t *parsed(const char *bytes, size_t size, const char *zone)
{
	const char *why = NULL;
	json_t *doc = NULL;

	if (schedule_parse(memory, bytes, size, zone, &doc, &why) != OK)
		fail_msg("%s", why);
	return doc;
}

static inline json_t *parsed_fixture(const char *name)
{
	size_t size = 0;
	const char *bytes = fixture(name, &size);

	return parsed(bytes, size, NULL);
}

/* Takes the document. flags: "publish", "partial", "dry_run" or "". */
static inline struct call_result import_doc(json_t *doc, const char *into, const char *flag)
{
	json_t *params = json_pack("{s:o, s:s}", "doc", doc, "into", into);
	struct call_result r;
	char *text;

	if (*flag != 0)
		json_object_set_new(params, flag, json_true());
	text = json_dumps(params, JSON_COMPACT);
	r = call_method("schedule.import", text, NULL);
	free(text);
	json_decref(params);
	return r;
}

static inline struct call_result import_fixture(const char *name, const char *into,
						const char *flag)
{
	return import_doc(parsed_fixture(name), into, flag);
}

static inline int setup(void **state)
{
	(void)state;
	if (!call_start())
		return 1;
	memory = arena_create((size_t)512 << 20);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	arena_destroy(memory);
	call_stop();
	return 0;
}

#endif
