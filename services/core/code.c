/* services/core: random text, keyed hashes, and entry codes that people can read to each other. */
#include "services/core/ticket.h"
#include "services/core/token_keys.h"

#include <assert.h>
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* n characters of alphabet, each equally likely. */
static const char *random_text(struct arena *arena, const char *alphabet, unsigned letters, int n)
{
	char *text = arena_alloc(arena, (size_t)n + 1);
	unsigned limit = 256 - 256 % letters;

	for (int i = 0; i < n;) {
		unsigned char byte;

		if (RAND_bytes(&byte, 1) != 1)
			abort();
		if (byte < limit)
			text[i++] = alphabet[byte % letters];
	}
	return text;
}

const char *random_base32(struct arena *arena, int n)
{
	return random_text(arena, base32, 32, n);
}

const char *random_digits(struct arena *arena, int n)
{
	return random_text(arena, "0123456789", 10, n);
}

const char *random_letters(struct arena *arena, int n)
{
	return random_text(arena, "BCDFGHJKLMNPQRSTVWXZ", 20, n);
}

const char *random_uuid(struct arena *arena)
{
	unsigned char b[16];

	if (RAND_bytes(b, sizeof(b)) != 1)
		abort();
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	return arena_printf(arena,
			    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
			    b[11], b[12], b[13], b[14], b[15]);
}

const char *bytea_text(struct arena *arena, const unsigned char *bytes, size_t n)
{
	char *text = arena_alloc(arena, 2 * n + 3);

	text[0] = '\\';
	text[1] = 'x';
	for (size_t i = 0; i < n; i++)
		snprintf(text + 2 + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

const char *sha256_bytea(struct arena *arena, const void *data, size_t size)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	SHA256(data, size, hash);
	return bytea_text(arena, hash, sizeof(hash));
}

const char *code_hash(struct arena *arena, const char *purpose, const char *code)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	unsigned n = sizeof(hash);
	const char *input = arena_printf(arena, "%s:%s", purpose, code);

	assert(keys_code() != NULL);
	if (HMAC(EVP_sha256(), keys_code(), KEY_SIZE, (const unsigned char *)input, strlen(input),
		 hash, &n) == NULL)
		abort();
	return bytea_text(arena, hash, sizeof(hash));
}

static int value_of(char c)
{
	const char *at = c != 0 ? strchr(base32, c) : NULL;

	return at != NULL ? (int)(at - base32) : -1;
}

/* Luhn over base 32: finds each single wrong character and nearly all swapped neighbours. */
static char check_character(const char *code)
{
	int factor = 2, sum = 0;

	for (int i = ENTRY_CODE_SIZE - 2; i >= 0; i--) {
		int addend = factor * value_of(code[i]);

		sum += addend / 32 + addend % 32;
		factor = 3 - factor;
	}
	return base32[(32 - sum % 32) % 32];
}

const char *entry_code_make(struct arena *arena)
{
	char *code = arena_strndup(arena, random_base32(arena, ENTRY_CODE_SIZE), ENTRY_CODE_SIZE);

	code[ENTRY_CODE_SIZE - 1] = check_character(code);
	return code;
}

const char *entry_code_read(struct arena *arena, const char *text)
{
	char *code = arena_alloc(arena, ENTRY_CODE_SIZE + 1);
	int n = 0;

	for (const char *s = text; *s != 0; s++) {
		char c = (char)toupper((unsigned char)*s);

		if (isspace((unsigned char)c) || c == '-')
			continue;
		if (c == '0')
			c = 'O';
		else if (c == '1')
			c = 'I';
		else if (c == '8')
			c = 'B';
		if (value_of(c) < 0 || n == ENTRY_CODE_SIZE)
			return NULL;
		code[n++] = c;
	}
	return n == ENTRY_CODE_SIZE && check_character(code) == code[n - 1] ? code : NULL;
}
