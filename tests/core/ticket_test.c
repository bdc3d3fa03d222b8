/* tests/core: what an entry code opens: the keys and bytes the stations' page computes too
 * (tests/vectors/ticket.json), and codes that only seal.key opens. */
#include "services/core/ticket.h"
#include "services/core/token.h"
#include "services/core/token_keys.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena *arena;
static json_t *vector;
static char dir[] = "/tmp/plenum-ticket-XXXXXX";

static const char *said(const char *member)
{
	return json_string_value(json_object_get(vector, member));
}

static size_t hex(const char *member, unsigned char *out, size_t room)
{
	int n = bytea_read(arena_printf(arena, "\\x%s", said(member)), out, room);

	assert_true(n > 0);
	return (size_t)n;
}

static void as_the_page_has_it(void **state)
{
	unsigned char row[TICKET_ROW_SIZE], key[TICKET_KEY_SIZE], nonce[TICKET_NONCE], sealed[256],
	    made[256];
	const char *plain = said("plain");
	struct ticket ticket;
	size_t n;

	(void)state;
	assert_string_equal(entry_code_read(arena, said("code")), said("code"));
	ticket_of(said("conference"), said("code"), &ticket);
	assert_int_equal(hex("ticket", row, sizeof(row)), sizeof(row));
	assert_memory_equal(ticket.row, row, sizeof(row));
	assert_int_equal(hex("body_key", key, sizeof(key)), sizeof(key));
	assert_memory_equal(ticket.body, key, sizeof(key));
	assert_string_equal(ticket_row(arena, said("conference"), said("code")),
			    arena_printf(arena, "\\x%s", said("ticket")));
	assert_int_equal(hex("nonce", nonce, sizeof(nonce)), sizeof(nonce));
	n = hex("sealed", sealed, sizeof(sealed));
	assert_int_equal(n, strlen(plain) + TICKET_MORE);
	ticket_seal(&ticket, nonce, plain, strlen(plain), made);
	assert_memory_equal(made, sealed, n);
	/* Without a nonce given each sealing has its own. */
	ticket_seal(&ticket, NULL, plain, strlen(plain), made);
	assert_memory_not_equal(made, sealed, TICKET_NONCE);
	assert_memory_not_equal(made + TICKET_NONCE, sealed + TICKET_NONCE, n - TICKET_NONCE);
}

/* Another code or another conference is another row and another key. */
static void nothing_in_common(void **state)
{
	struct ticket a, b, c;
	const char *other = entry_code_make(arena);

	(void)state;
	ticket_of(said("conference"), said("code"), &a);
	ticket_of(said("conference"), other, &b);
	ticket_of("018f0000-0000-7000-8000-0000000000c2", said("code"), &c);
	assert_memory_not_equal(a.row, b.row, sizeof(a.row));
	assert_memory_not_equal(a.body, b.body, sizeof(a.body));
	assert_memory_not_equal(a.row, c.row, sizeof(a.row));
	assert_memory_not_equal(a.body, c.body, sizeof(a.body));
	assert_memory_not_equal(a.row, a.body, sizeof(a.row));
}

static void codes_come_back(void **state)
{
	const char *code = entry_code_make(arena), *sealed = code_seal(arena, code);
	char opened[ENTRY_CODE_SIZE + 1];

	(void)state;
	assert_int_equal(strlen(sealed), 2 + 2 * SEALED_SIZE);
	assert_true(code_open(sealed, opened));
	assert_string_equal(opened, code);
	assert_string_not_equal(sealed, code_seal(arena, code));
}

/* Every bit counts; what is longer, shorter or no bytes at all is refused. */
static void changed_ones_stay_shut(void **state)
{
	const char *sealed = code_seal(arena, said("code"));
	char opened[ENTRY_CODE_SIZE + 1] = "untouched";

	(void)state;
	for (size_t i = 2; i < strlen(sealed); i++) {
		char *bad = arena_strdup(arena, sealed);

		bad[i] = bad[i] == '0' ? '1' : '0';
		assert_false(code_open(bad, opened));
	}
	assert_false(code_open(arena_strndup(arena, sealed, strlen(sealed) - 2), opened));
	assert_false(code_open(arena_printf(arena, "%s00", sealed), opened));
	assert_false(code_open(arena_strndup(arena, sealed, strlen(sealed) - 1), opened));
	assert_false(code_open("", opened));
	assert_false(code_open("\\x", opened));
	assert_false(code_open(NULL, opened));
	assert_string_equal(opened, "untouched");
}

/* Who has the database but not the key has nothing. */
static void another_key(void **state)
{
	const char *sealed = code_seal(arena, said("code"));
	char opened[ENTRY_CODE_SIZE + 1];
	const char *path = arena_printf(arena, "%s/seal.key", dir);

	(void)state;
	unlink(path);
	assert_non_null(keys_load(dir, false));
	assert_null(keys_load(dir, true));
	assert_false(code_open(sealed, opened));
	assert_true(code_open(code_seal(arena, said("code")), opened));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(as_the_page_has_it), cmocka_unit_test(nothing_in_common),
	    cmocka_unit_test(codes_come_back),	  cmocka_unit_test(changed_ones_stay_shut),
	    cmocka_unit_test(another_key),
	};
	static const char *const names[] = {"session", "device", "script", "code", "seal"};
	int failed;

	arena = arena_create((size_t)64 << 20);
	vector = json_load_file("tests/vectors/ticket.json", 0, NULL);
	if (vector == NULL || !mkdtemp(dir) || keys_load(dir, true))
		return 2;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(arena_printf(arena, "%s/%s.key", dir, names[i]));
	rmdir(dir);
	json_decref(vector);
	arena_destroy(arena);
	return failed;
}
