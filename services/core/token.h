/* services/core: signed tokens and keyed hashes. libjwt 1.10.2 stays behind this wrapper, which
 * does all that it does not: security-reliability.md §4. */
#ifndef CORE_TOKEN_H
#define CORE_TOKEN_H

#include "services/core/arena.h"
#include "services/core/fault.h"
#include "services/core/request.h"

#include <stdbool.h>
#include <stdint.h>

/* One table of keys a kind: a key of one kind never verifies another's token. */
enum token_kind { TOKEN_SESSION, TOKEN_DEVICE, TOKEN_SCRIPT, TOKEN_KINDS };

struct token {
	enum token_kind kind;
	char conference[UUID_SIZE]; /* aud */
	char login[UUID_SIZE];	    /* sid */
	char subject[UUID_SIZE];    /* sub: person or station */
	int64_t expires;	    /* exp, Unix seconds */
};

/*
 * Reads (or on create, makes) the key files of key_dir: session.key, device.key, script.key,
 * code.key, seal.key; each 64 hexadecimal digits, mode 0600, <kind>.next.key and
 * <kind>.previous.key beside them where there are any. Returns NULL or a static sentence saying
 * what is wrong. Runs the self-test: bit flips, alg none, empty key, wrong kid; any acceptance is
 * an error.
 */
const char *keys_load(const char *key_dir, bool create);

/* Signs. The text lives in the arena. issued and expires in Unix seconds. */
const char *token_sign(struct arena *arena, const struct token *token, int64_t issued);

/* Verifies everything but revocation, which is the login row's. auth_required when it is no token
 * of ours, auth_expired when it was. */
fault token_verify(const char *text, int64_t now, struct token *ret);

/* HMAC-SHA-256 under code.key with a purpose ("entry", "mail", "desk"), as \x… for PostgreSQL
 * bytea. */
const char *code_hash(struct arena *arena, const char *purpose, const char *code);
/* SHA-256 as \x…: for things that are random enough by themselves (tickets, device codes). */
const char *sha256_bytea(struct arena *arena, const void *data, size_t size);

/* Random text: n characters of base32 (A–Z2–7), n decimal digits, or n letters of
 * BCDFGHJKLMNPQRSTVWXZ. */
const char *random_base32(struct arena *arena, int n);
const char *random_digits(struct arena *arena, int n);
const char *random_letters(struct arena *arena, int n);
const char *random_uuid(struct arena *arena);

/* An entry code: 19 random characters of base32 and a check character (Luhn mod 32). */
const char *entry_code_make(struct arena *arena);
/*
 * What a person or scanner gave → the 20 characters in upper case: blanks and hyphens dropped, 0→O,
 * 1→I, 8→B. NULL when the length, a character or the check is wrong.
 */
const char *entry_code_read(struct arena *arena, const char *text);

#endif
