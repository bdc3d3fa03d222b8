/* services/core: tokens: libjwt makes and checks the signature, everything else is judged here
 * (security-reliability.md §4). */
#include "services/core/token.h"
#include "services/core/clock.h"
#include "services/core/json.h"
#include "services/core/token_keys.h"

#include <jansson.h>
#include <jwt.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_SIZE_MAX = 2048, SKEW_SECONDS = 30 };

static const char issuer[] = "plenum";
static const char *const kind_claims[TOKEN_KINDS] = {"session", "device", "script"};

static char *encode(const struct token *token, const struct signing_key *key, int64_t issued,
		    const char *jti)
{
	jwt_t *jwt = NULL;
	char *text = NULL;

	if (jwt_new(&jwt) != 0)
		return NULL;
	if (jwt_add_grant(jwt, "iss", issuer) == 0 &&
	    jwt_add_grant(jwt, "aud", token->conference) == 0 &&
	    jwt_add_grant(jwt, "sub", token->subject) == 0 &&
	    jwt_add_grant(jwt, "sid", token->login) == 0 &&
	    jwt_add_grant(jwt, "kind", kind_claims[token->kind]) == 0 &&
	    jwt_add_grant(jwt, "jti", jti) == 0 &&
	    jwt_add_grant_int(jwt, "iat", (long)issued) == 0 &&
	    jwt_add_grant_int(jwt, "nbf", (long)issued) == 0 &&
	    jwt_add_grant_int(jwt, "exp", (long)token->expires) == 0 &&
	    jwt_add_header(jwt, "kid", key->kid) == 0 &&
	    jwt_set_alg(jwt, JWT_ALG_HS256, key->bytes, KEY_SIZE) == 0)
		text = jwt_encode_str(jwt);
	jwt_free(jwt);
	return text;
}

const char *token_sign(struct arena *arena, const struct token *token, int64_t issued)
{
	char *text = encode(token, &keys_of(token->kind)->keys[0], issued, random_uuid(arena));
	const char *copy;

	if (text == NULL)
		abort();
	copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

static int base64url(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

/* Strict: no padding, no other characters, no bits beyond the last byte. Returns the size or -1. */
static int base64url_read(const char *in, size_t n, unsigned char *out)
{
	unsigned bits = 0;
	int held = 0, size = 0;

	if (n % 4 == 1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int value = base64url(in[i]);

		if (value < 0)
			return -1;
		bits = bits << 6 | (unsigned)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[size++] = (unsigned char)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	return bits == 0 ? size : -1;
}

static json_t *part_read(const char *in, size_t n)
{
	unsigned char bytes[TOKEN_SIZE_MAX];
	int size = base64url_read(in, n, bytes);
	json_t *value = size > 0 ? json_read_strict((const char *)bytes, (size_t)size) : NULL;

	if (value != NULL && !json_is_object(value)) {
		json_decref(value);
		return NULL;
	}
	return value;
}

/* The header has exactly alg, typ and kid, and its kid names a key of this kind. */
static const struct signing_key *header_key(const char *in, size_t n, enum token_kind kind)
{
	json_t *header = part_read(in, n);
	const struct signing_key *found = NULL;
	const char *alg, *typ, *kid;

	if (header == NULL)
		return NULL;
	alg = json_string_value(json_object_get(header, "alg"));
	typ = json_string_value(json_object_get(header, "typ"));
	kid = json_string_value(json_object_get(header, "kid"));
	if (json_object_size(header) == 3 && alg != NULL && strcmp(alg, "HS256") == 0 &&
	    typ != NULL && strcmp(typ, "JWT") == 0 && kid != NULL && strlen(kid) <= 16 &&
	    strspn(kid, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(kid)) {
		const struct key_table *table = keys_of(kind);

		for (int i = 0; i < table->count; i++)
			if (strcmp(table->keys[i].kid, kid) == 0)
				found = &table->keys[i];
	}
	json_decref(header);
	return found;
}

static bool text_claim(const json_t *claims, const char *name, char *ret, size_t size)
{
	const char *value = json_string_value(json_object_get(claims, name));

	if (value == NULL || strlen(value) + 1 > size || value[0] == 0)
		return false;
	memcpy(ret, value, strlen(value) + 1);
	return true;
}

static bool time_claim(const json_t *claims, const char *name, int64_t *ret)
{
	const json_t *value = json_object_get(claims, name);

	*ret = json_integer_value(value);
	return json_is_integer(value) && *ret > 0;
}

static fault claims_judge(const json_t *claims, enum token_kind kind, int64_t now,
			  struct token *ret)
{
	struct token token = {.kind = kind};
	char iss[16], claimed_kind[16], jti[64];
	int64_t iat, nbf;

	if (!text_claim(claims, "iss", iss, sizeof(iss)) || strcmp(iss, issuer) != 0 ||
	    !text_claim(claims, "kind", claimed_kind, sizeof(claimed_kind)) ||
	    strcmp(claimed_kind, kind_claims[kind]) != 0 ||
	    !text_claim(claims, "jti", jti, sizeof(jti)) ||
	    !text_claim(claims, "aud", token.conference, UUID_SIZE) ||
	    !text_claim(claims, "sub", token.subject, UUID_SIZE) ||
	    !text_claim(claims, "sid", token.login, UUID_SIZE) ||
	    !time_claim(claims, "iat", &iat) || !time_claim(claims, "nbf", &nbf) ||
	    !time_claim(claims, "exp", &token.expires))
		return &fault_auth_required;
	if (nbf > now + SKEW_SECONDS || iat > now + SKEW_SECONDS)
		return &fault_auth_required;
	if (token.expires <= now)
		return &fault_auth_expired;
	*ret = token;
	return OK;
}

static fault verify_with(const char *text, const struct signing_key *key, const char *claims_at,
			 size_t claims_size, enum token_kind kind, int64_t now, struct token *ret)
{
	jwt_t *jwt = NULL;
	json_t *claims;
	fault bad;

	/* With no key libjwt 1.10.2 accepts anything: never call it so. */
	if (key == NULL)
		return &fault_auth_required;
	if (jwt_decode(&jwt, text, key->bytes, KEY_SIZE) != 0 ||
	    jwt_get_alg(jwt) != JWT_ALG_HS256) {
		jwt_free(jwt);
		ERR_clear_error();
		return &fault_auth_required;
	}
	jwt_free(jwt);
	claims = part_read(claims_at, claims_size);
	if (claims == NULL)
		return &fault_auth_required;
	bad = claims_judge(claims, kind, now, ret);
	json_decref(claims);
	return bad;
}

fault token_verify(const char *text, int64_t now, struct token *ret)
{
	const char *first, *second;
	unsigned char signature[TOKEN_SIZE_MAX];

	if (text == NULL || strlen(text) > TOKEN_SIZE_MAX)
		return &fault_auth_required;
	first = strchr(text, '.');
	second = first != NULL ? strchr(first + 1, '.') : NULL;
	if (second == NULL || strchr(second + 1, '.') != NULL ||
	    base64url_read(second + 1, strlen(second + 1), signature) != 32)
		return &fault_auth_required;
	for (int kind = 0; kind < TOKEN_KINDS; kind++) {
		const struct signing_key *key =
		    header_key(text, (size_t)(first - text), (enum token_kind)kind);

		if (key != NULL)
			return verify_with(text, key, first + 1, (size_t)(second - first - 1),
					   (enum token_kind)kind, now, ret);
	}
	return &fault_auth_required;
}

static bool accepted(const char *text)
{
	struct token token;

	return token_verify(text, clock_unix(), &token) == OK;
}

/* {"alg":"none","typ":"JWT","kid":…} over claims that would otherwise do. */
static bool accepts_none(const char *good)
{
	char forged[TOKEN_SIZE_MAX];
	const char *claims = strchr(good, '.'), *end = strrchr(good, '.');

	snprintf(forged, sizeof(forged), "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0%.*s.",
		 (int)(end - claims), claims);
	if (accepted(forged))
		return true;
	snprintf(forged, sizeof(forged), "%.*s.", (int)(end - good), good);
	return accepted(forged);
}

static bool accepts_flips(char *good)
{
	for (char *c = strrchr(good, '.') + 1; *c != 0; c++) {
		char kept = *c;

		for (int bit = 0; bit < 6; bit++) {
			*c = (char)(kept ^ (1 << bit));
			if (*c != 0 && *c != '.' && accepted(good)) {
				*c = kept;
				return true;
			}
		}
		*c = kept;
	}
	return false;
}

const char *token_self_test(void)
{
	struct arena *arena = arena_create(1 << 20);
	struct token token = {.kind = TOKEN_SESSION, .expires = clock_unix() + 60};
	struct signing_key wrong = {.kid = "0000"};
	const char *problem = NULL;
	char *good, *other;

	snprintf(token.conference, UUID_SIZE, "%s", random_uuid(arena));
	snprintf(token.login, UUID_SIZE, "%s", random_uuid(arena));
	snprintf(token.subject, UUID_SIZE, "%s", random_uuid(arena));
	good = arena_strdup(arena, token_sign(arena, &token, clock_unix()));
	other = encode(&token, &wrong, clock_unix(), "x");
	if (!accepted(good))
		problem = "token self-test: a good token was refused";
	else if (accepts_none(good))
		problem = "token self-test: alg none or an empty signature was accepted";
	else if (other == NULL || accepted(other))
		problem = "token self-test: an unknown kid was accepted";
	else if (accepts_flips(good))
		problem = "token self-test: a changed signature was accepted";
	free(other);
	arena_destroy(arena);
	return problem;
}
