/* tests/core: tokens of our own making: any header and claims, under any key. */
#ifndef TESTS_TOKEN_FORGE_H
#define TESTS_TOKEN_FORGE_H

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

static inline const char *base64url(const void *bytes, size_t size)
{
	char *text = arena_alloc(arena, 4 * (size + 2) / 3 + 4);
	int n = EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);

	while (n > 0 && text[n - 1] == '=')
		text[--n] = 0;
	for (char *p = text; *p; p++)
		*p = (char)(*p == '+' ? '-' : *p == '/' ? '_' : *p);
	return text;
}

/* A signature of our own over any two parts, under any key. */
static inline const char *with_mac(const char *signed_part, const void *key, int key_size)
{
	unsigned char mac[32];
	unsigned size = sizeof mac;

	HMAC(EVP_sha256(), key, key_size, (const unsigned char *)signed_part, strlen(signed_part),
	     mac, &size);
	return arena_printf(arena, "%s.%s", signed_part, base64url(mac, size));
}

static inline const char *forge(const char *header, const char *claims, const void *key,
				int key_size)
{
	return with_mac(arena_printf(arena, "%s.%s", base64url(header, strlen(header)),
				     base64url(claims, strlen(claims))),
			key, key_size);
}

static inline const char *header_for(const char *kid)
{
	return arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid);
}

/* Good claims of a script token with one of them as given; NULL leaves it out. */
static inline const char *claims_with(const char *name, const char *value)
{
	long long now = clock_unix();
	const char *const claims[][2] = {
	    {"iss", "\"plenum\""},
	    {"aud", "\"" ID "\""},
	    {"sub", "\"" ID "\""},
	    {"sid", "\"" ID "\""},
	    {"kind", "\"script\""},
	    {"jti", "\"x\""},
	    {"iat", arena_printf(arena, "%lld", now)},
	    {"nbf", arena_printf(arena, "%lld", now)},
	    {"exp", arena_printf(arena, "%lld", now + 600)},
	};
	const char *text = "{";

	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		bool given = strcmp(claims[i][0], name) == 0;

		if (!given || value)
			text = arena_printf(arena, "%s%s\"%s\":%s", text, text[1] ? "," : "",
					    claims[i][0], given ? value : claims[i][1]);
	}
	return arena_printf(arena, "%s}", text);
}

static inline const char *good_claims(void)
{
	return claims_with("", NULL);
}

static inline bool verifies(const char *text)
{
	struct token ret;

	return token_verify(text, clock_unix(), &ret) == OK;
}

static inline const char *file_of(const char *name)
{
	return arena_printf(arena, "%s/%s", dir, name);
}

/* With keys of its own, which are gone afterwards. */
static inline int token_run(const struct CMUnitTest *tests, size_t n)
{
	static const char *const names[] = {"session", "device", "script", "code", "seal"};
	int failed;

	arena = arena_create((size_t)256 << 20);
	if (!mkdtemp(dir) || keys_load(dir, true))
		return 2;
	failed = _cmocka_run_group_tests("token", tests, n, NULL, NULL);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(file_of(arena_printf(arena, "%s.key", names[i])));
	rmdir(dir);
	arena_destroy(arena);
	return failed;
}

#endif
