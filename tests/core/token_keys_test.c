/* tests/core: the files that hold the keys of tokens: each step of a rotation, and what is none. */
#include "tests/core/token_forge.h"

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(file_of(name), "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static const char *signed_now(void)
{
	struct token token = {.kind = TOKEN_SCRIPT, .expires = clock_unix() + 60};

	strcpy(token.conference, ID);
	strcpy(token.login, ID);
	strcpy(token.subject, ID);
	return token_sign(arena, &token, clock_unix());
}

/* Every step of a rotation: at none of them is a token refused that another gateway, a step before
 * or behind, has signed. */
static void rotation(void **state)
{
	static const char other[] =
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";
	const char *by_old = signed_now(), *by_new;
	struct stat st;

	(void)state;
	assert_int_equal(stat(file_of("script.key"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* 1: everybody accepts the next key; nobody signs with it. */
	write_file("script.next.key", other);
	assert_null(keys_load(dir, false));
	assert_int_equal(keys_of(TOKEN_SCRIPT)->count, 2);
	assert_true(verifies(by_old));
	assert_true(verifies(signed_now()));
	/* 2: the next becomes the key, the key the previous one. */
	assert_int_equal(rename(file_of("script.key"), file_of("script.previous.key")), 0);
	assert_int_equal(rename(file_of("script.next.key"), file_of("script.key")), 0);
	by_new = forge(header_for(keys_of(TOKEN_SCRIPT)->keys[1].kid), good_claims(),
		       keys_of(TOKEN_SCRIPT)->keys[1].bytes, KEY_SIZE);
	assert_true(verifies(by_new)); /* one that has not loaded yet */
	assert_null(keys_load(dir, false));
	assert_true(verifies(by_old));
	assert_true(verifies(by_new));
	assert_true(verifies(signed_now()));
	/* 3: the previous one goes; so do its tokens. */
	unlink(file_of("script.previous.key"));
	assert_null(keys_load(dir, false));
	assert_int_equal(keys_of(TOKEN_SCRIPT)->count, 1);
	assert_false(verifies(by_old));
	assert_true(verifies(by_new));
}

/* No key, a short one, one that is no hexadecimal: then nothing may start. */
static void bad_key_files(void **state)
{
	static const char *const bad[] = {
	    "",
	    "\n",
	    "0011",
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeef",
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00",
	    "zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
	    "0x112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
	    " 0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
	    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5\n",
	};
	static const char *const files[] = {"session.key",     "device.key",
					    "script.key",      "code.key",
					    "device.next.key", "session.previous.key"};

	(void)state;
	for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
		bool optional = f >= 4;

		rename(file_of(files[f]), file_of("kept"));
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
			write_file(files[f], bad[i]);
			if (!keys_load(dir, false) || !keys_load(dir, true))
				fail_msg("%s taken: %s", files[f], bad[i]);
		}
		unlink(file_of(files[f]));
		if (!optional)
			assert_non_null(keys_load(dir, false));
		rename(file_of("kept"), file_of(files[f]));
		assert_null(keys_load(dir, false));
	}
	assert_non_null(keys_load("/nowhere/keys", false));
	assert_non_null(keys_load("/nowhere/keys", true));
	/* What a missing one is replaced by is another key. */
	unlink(file_of("script.key"));
	assert_non_null(keys_load(dir, false));
	assert_null(keys_load(dir, true));
	assert_true(verifies(signed_now()));
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rotation),
	    cmocka_unit_test(bad_key_files),
	};

	return token_run(tests, sizeof tests / sizeof *tests);
}
