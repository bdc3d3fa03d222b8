/* tests/core: entry codes as people copy, read out and mistype them; random text; keyed hashes. */
#include "services/core/token.h"
#include "services/core/token_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { SIZE = 20, ROUNDS = 100 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static struct arena *arena;

static void round_trip(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		const char *code = entry_code_make(arena);

		assert_int_equal(strlen(code), SIZE);
		assert_int_equal(strspn(code, alphabet), SIZE);
		assert_string_equal(entry_code_read(arena, code), code);
	}
}

/* Any one wrong character, at any of the 20 places, is noticed. */
static void one_wrong_character(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		const char *code = entry_code_make(arena);

		for (int i = 0; i < SIZE; i++) {
			char *bad = arena_strdup(arena, code);

			for (const char *letter = alphabet; *letter; letter++) {
				bad[i] = *letter;
				if (*letter != code[i] && entry_code_read(arena, bad))
					fail_msg("%s passes for %s", bad, code);
			}
		}
	}
}

/* Two neighbours swapped are noticed, but for the one pair a Luhn check cannot tell: A (0) and 7
 * (31). */
static void swapped_neighbours(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		const char *code = entry_code_make(arena);

		for (int i = 0; i + 1 < SIZE; i++) {
			char *bad = arena_strdup(arena, code);
			bool blind = strchr("A7", code[i]) && strchr("A7", code[i + 1]);

			bad[i] = code[i + 1];
			bad[i + 1] = code[i];
			if (strcmp(bad, code) != 0 && !blind && entry_code_read(arena, bad))
				fail_msg("%s passes for %s", bad, code);
		}
	}
}

static void lost_and_added_characters(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		const char *code = entry_code_make(arena);

		for (size_t n = 0; n < SIZE; n++)
			assert_null(entry_code_read(arena, arena_strndup(arena, code, n)));
		for (const char *letter = alphabet; *letter; letter++)
			assert_null(
			    entry_code_read(arena, arena_printf(arena, "%s%c", code, *letter)));
	}
}

/* 0 for O, 1 for I, 8 for B, small letters, groups by blanks and hyphens: as they are typed. */
static void as_people_type_them(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		const char *code = entry_code_make(arena);
		char typed[64];
		int n = 0;

		for (int i = 0; i < SIZE; i++) {
			char c = code[i];

			if (i && i % 4 == 0)
				typed[n++] = i % 8 ? '-' : ' ';
			typed[n++] = (char)(c == 'O'   ? '0'
					    : c == 'I' ? '1'
					    : c == 'B' ? '8'
					    : c >= 'A' ? c + 32
						       : c);
		}
		typed[n] = 0;
		assert_string_equal(entry_code_read(arena, typed), code);
		assert_string_equal(
		    entry_code_read(arena, arena_printf(arena, "\t  %s\r\n", typed)), code);
	}
}

static void no_code_at_all(void **state)
{
	static const char *const texts[] = {
	    "",
	    " ",
	    "-",
	    "AAAA",
	    "https://example.org/attend?code=AAAAAAAAAAAAAAAAAAAA",
	    "AAAAAAAAAAAAAAAAAAA9",
	    "AAAAAAAAAAAAAAAAAAA=",
	    "AAAA_AAAA_AAAA_AAAA_AAAA",
	    "AAAA\xe2\x80\x91"
	    "AAAAAAAAAAAAAAAA",
	    "ÅÅÅÅÅÅÅÅÅÅ",
	    "\xff\xfe\xfd",
	    "' or 1=1; --",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (entry_code_read(arena, texts[i]))
			fail_msg("taken: %s", texts[i]);
}

static void random_text(void **state)
{
	int seen[256] = {0};

	(void)state;
	for (int i = 0; i < 400; i++) {
		const char *text = random_base32(arena, 32), *uuid = random_uuid(arena);

		assert_int_equal(strlen(text), 32);
		assert_int_equal(strspn(text, alphabet), 32);
		for (const char *c = text; *c; c++)
			seen[(unsigned char)*c]++;
		assert_int_equal(strspn(random_digits(arena, 6), "0123456789"), 6);
		assert_int_equal(strspn(random_letters(arena, 8), "BCDFGHJKLMNPQRSTVWXZ"), 8);
		assert_int_equal(strlen(uuid), 36);
		assert_int_equal(uuid[14], '4');
		assert_non_null(strchr("89ab", uuid[19]));
		assert_string_not_equal(uuid, random_uuid(arena));
	}
	/* 12,800 characters of 32 letters: 400 of each, give or take (9 standard deviations). */
	for (const char *letter = alphabet; *letter; letter++)
		assert_in_range(seen[(unsigned char)*letter], 220, 580);
}

/* A13: a million inputs, made of what scanners and people produce and of any bytes: what is read is
 * a whole code, every time the same, and reading takes as long as the input is. */
static void A13_a_million_inputs(void **state)
{
	static const char near[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcz0189 -\t.]Q3\\000026/:_+=";
	char text[1032], good[21];
	int read = 0;

	(void)state;
	srand(13);
	for (int i = 0; i < 1000000; i++) {
		struct arena *own = arena_create(1 << 14);
		int size = i % 1000 == 0 ? 1031 : rand() % 28;
		const char *code;

		for (int k = 0; k < size; k++)
			text[k] = i % 3 == 0 ? (char)(1 + rand() % 255)
					     : near[rand() % (int)(sizeof(near) - 1)];
		text[size] = 0;
		/* One in ten begins as a real one, with one character changed or none. */
		if (i % 10 == 0) {
			memcpy(good, entry_code_make(own), sizeof(good));
			memcpy(text, good, sizeof(good));
			if (i % 20 == 0)
				text[rand() % 20] = near[rand() % 32];
		}
		code = entry_code_read(own, text);
		if (code != NULL) {
			assert_int_equal(strlen(code), 20);
			assert_string_equal(code, entry_code_read(own, code));
			read++;
		}
		if (i % 20 == 10)
			assert_string_equal(code, good);
		arena_destroy(own);
	}
	assert_in_range(read, 50000, 100000);
}

static void hashes(void **state)
{
	const char *entry = code_hash(arena, "entry", "AAAA");

	(void)state;
	assert_string_equal(sha256_bytea(arena, "abc", 3),
			    "\\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(strlen(entry), 66);
	assert_memory_equal(entry, "\\x", 2);
	assert_string_equal(entry, code_hash(arena, "entry", "AAAA"));
	/* A code of one purpose is never one of another. */
	assert_string_not_equal(entry, code_hash(arena, "mail", "AAAA"));
	assert_string_not_equal(entry, code_hash(arena, "entry", "AAAB"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trip),
	    cmocka_unit_test(one_wrong_character),
	    cmocka_unit_test(swapped_neighbours),
	    cmocka_unit_test(lost_and_added_characters),
	    cmocka_unit_test(as_people_type_them),
	    cmocka_unit_test(no_code_at_all),
	    cmocka_unit_test(random_text),
	    cmocka_unit_test(A13_a_million_inputs),
	    cmocka_unit_test(hashes),
	};
	static const char *const names[] = {"session", "device", "script", "code", "seal"};
	char dir[] = "/tmp/plenum-code-XXXXXX", path[64];
	int failed;

	arena = arena_create((size_t)256 << 20);
	if (!mkdtemp(dir) || keys_load(dir, true))
		return 2;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s.key", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
	arena_destroy(arena);
	return failed;
}
