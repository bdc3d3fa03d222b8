/* tests/core: the token wrapper: what libjwt would let through and we do not; key files; entry
 * codes. */
#include "services/core/clock.h"
#include "services/core/token.h"
#include "services/core/token_keys.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define ID "018f3c5a-0000-7000-8000-000000000001"

static struct arena *arena;
static char dir[] = "/tmp/plenum-token-XXXXXX";

static const char *base64url(const void *bytes, size_t size)
{
	char *text = arena_alloc(arena, 4 * (size + 2) / 3 + 4);
	int n = EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);

	while (n > 0 && text[n - 1] == '=')
		text[--n] = 0;
	for (char *p = text; *p; p++)
		*p = (char)(*p == '+' ? '-' : *p == '/' ? '_' : *p);
	return text;
}

/* Any header and claims as text, under any key. */
static const char *forge(const char *header, const char *claims, const void *key, int key_size)
{
	const char *signed_part = arena_printf(arena, "%s.%s", base64url(header, strlen(header)),
					       base64url(claims, strlen(claims)));
	unsigned char mac[32];
	unsigned size = sizeof mac;

	HMAC(EVP_sha256(), key, key_size, (const unsigned char *)signed_part, strlen(signed_part),
	     mac, &size);
	return arena_printf(arena, "%s.%s", signed_part, base64url(mac, size));
}

static const struct signing_key *script_key(void)
{
	return &keys_of(TOKEN_SCRIPT)->keys[0];
}

static const char *header_text(void)
{
	return arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
			    script_key()->kid);
}

static const char *claims_text(const char *exp)
{
	long long now = clock_unix();

	return arena_printf(
	    arena,
	    "{\"iss\":\"plenum\",\"aud\":\"" ID "\",\"sub\":\"" ID "\",\"sid\":\"" ID
	    "\",\"kind\":\"script\",\"jti\":\"x\",\"iat\":%lld,\"nbf\":%lld,\"exp\":%s}",
	    now, now, exp);
}

static const char *later(void)
{
	return arena_printf(arena, "%lld", (long long)clock_unix() + 600);
}

static bool verifies(const char *text)
{
	struct token ret;

	return token_verify(text, clock_unix(), &ret) == OK;
}

static const char *with_key(const char *header, const char *claims)
{
	return forge(header, claims, script_key()->bytes, KEY_SIZE);
}

static void good_tokens(void **state)
{
	struct token ret;

	(void)state;
	for (int kind = 0; kind < TOKEN_KINDS; kind++) {
		struct token token = {.kind = (enum token_kind)kind, .expires = clock_unix() + 60};

		strcpy(token.conference, ID);
		strcpy(token.login, ID);
		strcpy(token.subject, ID);
		assert_true(token_verify(token_sign(arena, &token, clock_unix()), clock_unix(),
					 &ret) == OK);
		assert_int_equal(ret.kind, kind);
		assert_string_equal(ret.login, ID);
		assert_int_equal(ret.expires, token.expires);
		assert_true(token_verify(token_sign(arena, &token, clock_unix()), clock_unix() + 61,
					 &ret) == &fault_auth_expired);
	}
	assert_true(verifies(with_key(header_text(), claims_text(later()))));
}

static void bad_headers(void **state)
{
	const char *kid = script_key()->kid;
	const char *const headers[] = {
	    arena_printf(arena, "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"hs256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"HS384\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", kid),
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"nobody\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":7}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../../../../dev/null\"}",
	    arena_printf(arena,
			 "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\",\"crit\":[\"b64\"]}",
			 kid),
	    arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\",\"b64\":false}",
			 kid),
	    arena_printf(arena,
			 "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\",\"jku\":\"https://x\"}",
			 kid),
	    arena_printf(
		arena, "{\"alg\":\"none\",\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid),
	    "[]",
	    "7",
	    "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (verifies(with_key(headers[i], claims_text(later()))))
			fail_msg("accepted: %s", headers[i]);
}

static void bad_claims(void **state)
{
	const char *good = claims_text(later());
	const char *const claims[] = {
	    claims_text("1"),
	    claims_text("0"),
	    claims_text("-1"),
	    claims_text("\"9999999999\""),
	    claims_text("9999999999.5"),
	    claims_text("1e12"),
	    claims_text("null"),
	    claims_text("true"),
	    arena_printf(arena, "[%s]", good),
	    "{}",
	    "\"x\"",
	};
	static const char *const names[] = {"iss", "aud", "sub", "sid", "kind",
					    "jti", "iat", "nbf", "exp"};

	(void)state;
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
		if (verifies(with_key(header_text(), claims[i])))
			fail_msg("accepted: %s", claims[i]);
	/* Each claim is needed: renamed, it is missing. */
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *without = arena_strdup(arena, good);
		char *at = strstr(without, arena_printf(arena, "\"%s\"", names[i]));

		at[1] = '_';
		if (verifies(with_key(header_text(), without)))
			fail_msg("accepted without %s", names[i]);
	}
	/* Twice: the last one would win. */
	assert_false(verifies(with_key(
	    header_text(), arena_printf(arena, "{\"exp\":9999999999,%s", claims_text("1") + 1))));
}

static void bad_keys_and_bits(void **state)
{
	const char *good = with_key(header_text(), claims_text(later()));
	unsigned char short_key = 0;
	size_t dot = (size_t)(strrchr(good, '.') - good);

	(void)state;
	assert_true(verifies(good));
	assert_false(verifies(forge(header_text(), claims_text(later()), &short_key, 0)));
	assert_false(verifies(forge(header_text(), claims_text(later()), &short_key, 1)));
	assert_false(verifies(forge(header_text(), claims_text(later()),
				    keys_of(TOKEN_SESSION)->keys[0].bytes, KEY_SIZE)));
	for (size_t i = dot + 1; good[i]; i++) {
		for (int bit = 0; bit < 7; bit++) {
			char *bad = arena_strdup(arena, good);

			bad[i] = (char)(bad[i] ^ 1 << bit);
			if (bad[i] && verifies(bad))
				fail_msg("accepted with bit %d of signature character %zu flipped",
					 bit, i - dot);
		}
	}
	for (size_t n = 0; n < strlen(good); n += 3)
		assert_false(verifies(arena_strndup(arena, good, n)));
	assert_false(verifies(arena_printf(arena, "%s=", good)));
	assert_false(verifies(arena_printf(arena, "%s.", good)));
	assert_false(verifies(arena_printf(arena, " %s", good)));
	assert_false(verifies(arena_printf(arena, "%*s", 3000, good)));
	assert_false(verifies(""));
	assert_false(verifies(".."));
	assert_false(verifies(NULL));
	assert_null(token_self_test());
}

static void write_file(const char *name, const char *text, unsigned mode)
{
	FILE *out = fopen(arena_printf(arena, "%s/%s", dir, name), "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fchmod(fileno(out), mode), 0);
	fclose(out);
}

static void key_files(void **state)
{
	static const char other[] =
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
	const char *before = with_key(header_text(), claims_text(later()));
	struct stat st;

	(void)state;
	assert_int_equal(stat(arena_printf(arena, "%s/script.key", dir), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* Rotation: the old one as previous still verifies, the new one signs. */
	assert_int_equal(rename(arena_printf(arena, "%s/script.key", dir),
				arena_printf(arena, "%s/script.previous.key", dir)),
			 0);
	write_file("script.key", other, 0600);
	assert_null(keys_load(dir, false));
	assert_true(verifies(before));
	unlink(arena_printf(arena, "%s/script.previous.key", dir));
	assert_null(keys_load(dir, false));
	assert_false(verifies(before));
	/* No key, a short key, no hexadecimal: nothing may start. */
	write_file("script.key", "", 0600);
	assert_non_null(keys_load(dir, false));
	write_file("script.key", "0011", 0600);
	assert_non_null(keys_load(dir, false));
	write_file("script.key", "zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
		   0600);
	assert_non_null(keys_load(dir, false));
	unlink(arena_printf(arena, "%s/script.key", dir));
	assert_non_null(keys_load(dir, false));
	assert_null(keys_load(dir, true));
}

static void entry_codes(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	int missed = 0;

	(void)state;
	for (int round = 0; round < 200; round++) {
		const char *code = entry_code_make(arena);
		char *bad = arena_strdup(arena, code);
		int i = round % 19;

		assert_int_equal(strlen(code), 20);
		assert_string_equal(entry_code_read(arena, code), code);
		/* Any one wrong character is noticed. */
		for (const char *letter = alphabet; *letter; letter++) {
			bad[i] = *letter;
			if (*letter != code[i])
				assert_null(entry_code_read(arena, bad));
		}
		/* Two neighbours swapped: nearly always. */
		bad[i] = code[i + 1];
		bad[i + 1] = code[i];
		if (strcmp(bad, code) != 0 && entry_code_read(arena, bad))
			missed++;
	}
	assert_true(missed <= 4);
	assert_null(entry_code_read(arena, ""));
	assert_null(entry_code_read(arena, "AAAA"));
	assert_null(entry_code_read(arena, "https://example.org/aaaaaaaaaaaa"));
}

static void codes_as_people_type_them(void **state)
{
	(void)state;
	for (int round = 0; round < 50; round++) {
		const char *code = entry_code_make(arena);
		char typed[64];
		int n = 0;

		for (int i = 0; i < 20; i++) {
			char c = code[i];

			if (i && i % 4 == 0)
				typed[n++] = i % 8 ? '-' : ' ';
			typed[n++] = (char)(c == 'O'   ? '0'
					    : c == 'I' ? '1'
					    : c >= 'A' ? c + 32
						       : c);
		}
		typed[n] = 0;
		assert_string_equal(entry_code_read(arena, typed), code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_tokens), cmocka_unit_test(bad_headers),
	    cmocka_unit_test(bad_claims),  cmocka_unit_test(bad_keys_and_bits),
	    cmocka_unit_test(entry_codes), cmocka_unit_test(codes_as_people_type_them),
	    cmocka_unit_test(key_files),
	};
	static const char *const names[] = {"session", "device", "script", "code"};
	int failed;

	arena = arena_create((size_t)64 << 20);
	if (!mkdtemp(dir) || keys_load(dir, true))
		return 2;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(arena_printf(arena, "%s/%s.key", dir, names[i]));
	rmdir(dir);
	arena_destroy(arena);
	return failed;
}
