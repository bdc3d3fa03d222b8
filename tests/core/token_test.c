/* tests/core: the token wrapper: what libjwt would let through and we do not. */
#include "tests/core/token_forge.h"

static int forged; /* tokens that were tried and refused */

static const struct signing_key *script_key(void)
{
	return &keys_of(TOKEN_SCRIPT)->keys[0];
}

static void refuse(const char *why, const char *text)
{
	struct token ret;
	fault f = token_verify(text, clock_unix(), &ret);

	if (f == OK)
		fail_msg("accepted: %s: %s", why, text);
	/* Who forges learns nothing but that it is none. */
	if (f != &fault_auth_required && f != &fault_auth_expired)
		fail_msg("%s gives %s", why, f->code);
	forged++;
}

/* Signed with the right key: only what stands in it is wrong. */
static void refuse_signed(const char *header, const char *claims)
{
	refuse(arena_printf(arena, "%s %s", header, claims),
	       forge(header, claims, script_key()->bytes, KEY_SIZE));
}

static void good_tokens(void **state)
{
	struct token ret;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct token token = {.kind = (enum token_kind)(round % TOKEN_KINDS),
				      .expires = clock_unix() + 60 + round};
		const char *text;

		strcpy(token.conference, random_uuid(arena));
		strcpy(token.login, random_uuid(arena));
		strcpy(token.subject, random_uuid(arena));
		text = token_sign(arena, &token, clock_unix());
		assert_true(token_verify(text, clock_unix(), &ret) == OK);
		assert_int_equal(ret.kind, token.kind);
		assert_string_equal(ret.conference, token.conference);
		assert_string_equal(ret.login, token.login);
		assert_string_equal(ret.subject, token.subject);
		assert_int_equal(ret.expires, token.expires);
		assert_true(token_verify(text, token.expires - 1, &ret) == OK);
		assert_true(token_verify(text, token.expires, &ret) == &fault_auth_expired);
	}
	assert_true(verifies(
	    forge(header_for(script_key()->kid), good_claims(), script_key()->bytes, KEY_SIZE)));
	/* Claims we do not know are nobody's business. */
	assert_true(
	    verifies(forge(header_for(script_key()->kid),
			   arena_printf(arena, "{\"role\":\"organiser\",%s", good_claims() + 1),
			   script_key()->bytes, KEY_SIZE)));
	assert_null(token_self_test());
}

/* Clocks of two machines differ: 30 seconds, and no more. */
static void skew(void **state)
{
	long long now = clock_unix();
	const char *header = header_for(script_key()->kid);

	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *name = i == 0 ? "nbf" : "iat";
		const char *text =
		    forge(header, claims_with(name, arena_printf(arena, "%lld", now + 30)),
			  script_key()->bytes, KEY_SIZE);
		struct token ret;

		assert_true(token_verify(text, now, &ret) == OK);
		assert_true(token_verify(text, now - 1, &ret) == &fault_auth_required);
	}
}

static void bad_headers(void **state)
{
	const char *kid = script_key()->kid;
	static const char *const algs[] = {
	    "\"none\"",	   "\"None\"",	       "\"NONE\"",  "\"nOnE\"",	  "\"\"",
	    "\"hs256\"",   "\"Hs256\"",	       "\"HS384\"", "\"HS512\"",  "\"RS256\"",
	    "\"ES256\"",   "\"PS256\"",	       "\"EdDSA\"", "\"HS256 \"", "\" HS256\"",
	    "\"HS2560\"",  "\"HS256\\u0000\"", "null",	    "256",	  "true",
	    "[\"HS256\"]", "{\"HS256\":1}",
	};
	static const char *const extra[] = {
	    "\"crit\":[\"b64\"]",
	    "\"crit\":[]",
	    "\"b64\":false",
	    "\"jku\":\"https://example.org/keys\"",
	    "\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}",
	    "\"x5u\":\"https://example.org/cert\"",
	    "\"x5c\":[\"MIIB\"]",
	    "\"cty\":\"JWT\"",
	    "\"zip\":\"DEF\"",
	    "\"exp\":9999999999",
	    /* twice: libjwt takes the last */
	    "\"alg\":\"HS256\"",
	    "\"\\u0061lg\":\"none\"",
	    "\"kid\":\"0\"",
	};
	const char *const kids[] = {
	    "\"nobody\"",
	    "\"\"",
	    "7",
	    "null",
	    "[]",
	    "\"../../../../dev/null\"",
	    "\"' or 1=1 --\"",
	    "\"0123456789abcdefg\"",
	    arena_printf(arena, "\"%s \"", kid),
	    arena_printf(arena, "\"%s\\u0000\"", kid),
	    arena_printf(arena, "\"%.11s\"", kid),
	    arena_printf(arena, "\"%s\"", keys_of(TOKEN_SESSION)->keys[0].kid),
	    arena_printf(arena, "\"%s\"", keys_of(TOKEN_DEVICE)->keys[0].kid),
	};
	const char *const whole[] = {
	    "[]",
	    "7",
	    "\"x\"",
	    "null",
	    "",
	    "{}",
	    "{",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
	    arena_printf(arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"typ\":\"JWT\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":\"jwt\",\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":null,\"kid\":\"%s\"}", kid),
	    arena_printf(arena, "[%s]", header_for(kid)),
	    arena_printf(arena, "%s%s", header_for(kid), header_for(kid)),
	    arena_printf(arena, "\xef\xbb\xbf%s", header_for(kid)),
	};

	(void)state;
	for (size_t i = 0; i < sizeof algs / sizeof *algs; i++)
		refuse_signed(arena_printf(arena, "{\"alg\":%s,\"typ\":\"JWT\",\"kid\":\"%s\"}",
					   algs[i], kid),
			      good_claims());
	for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) {
		const char *header = header_for(kid);

		refuse_signed(
		    arena_printf(arena, "%.*s,%s}", (int)strlen(header) - 1, header, extra[i]),
		    good_claims());
		refuse_signed(arena_printf(arena, "{%s,%s", extra[i], header + 1), good_claims());
	}
	for (size_t i = 0; i < sizeof kids / sizeof *kids; i++)
		refuse_signed(
		    arena_printf(arena, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":%s}", kids[i]),
		    good_claims());
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		refuse_signed(whole[i], good_claims());
}

static void bad_claims(void **state)
{
	static const char *const texts[] = {"null", "7",    "true",	    "[]",
					    "{}",   "\"\"", "[\"" ID "\"]", "\"" ID ID "\""};
	static const char *const times[] = {
	    "0",    "-1",	    "1",    "\"9999999999\"",	   "null", "9999999999.5",
	    "1e12", "[9999999999]", "true", "99999999999999999999"};
	static const char *const named[] = {"iss", "aud", "sub", "sid", "kind",
					    "jti", "iat", "nbf", "exp"};
	static const char *const wrong[][2] = {
	    {"iss", "\"Plenum\""},	{"iss", "\"plenum \""},	      {"iss", "\"plenum\\u0000\""},
	    {"iss", "\"example.org\""}, {"kind", "\"session\""},      {"kind", "\"device\""},
	    {"kind", "\"Script\""},	{"aud", "\"" ID "\\u0000\""},
	};
	const char *header = header_for(script_key()->kid), *good = good_claims();
	long long now = clock_unix();
	const char *const whole[] = {
	    "{}", "[]", "\"x\"", "null", "7", "", "{", arena_printf(arena, "[%s]", good),
	    arena_printf(arena, "%s%s", good, good), arena_printf(arena, "%s ]", good),
	    /* twice: libjwt takes the last */
	    arena_printf(arena, "{\"exp\":1,%s", good + 1),
	    arena_printf(arena, "{\"\\u0065xp\":9999999999,%s", good + 1),
	    arena_printf(arena, "{\"sub\":\"" ID "\",%s", good + 1),
	    arena_printf(arena, "{\"x\":[[[[[[[[1]]]]]]]],%s", good + 1)};

	(void)state;
	for (size_t n = 0; n < sizeof named / sizeof *named; n++) {
		bool is_time = n >= 6;

		refuse_signed(header, claims_with(named[n], NULL));
		for (size_t i = 0; !is_time && i < sizeof texts / sizeof *texts; i++)
			refuse_signed(header, claims_with(named[n], texts[i]));
		/* An issue time of 1 is long ago and as good as any other. */
		for (size_t i = 0; is_time && i < sizeof times / sizeof *times; i++)
			if (strcmp(named[n], "exp") == 0 || strcmp(times[i], "1") != 0)
				refuse_signed(header, claims_with(named[n], times[i]));
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		refuse_signed(header, claims_with(wrong[i][0], wrong[i][1]));
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		refuse_signed(header, whole[i]);
	refuse_signed(header, claims_with("nbf", arena_printf(arena, "%lld", now + 3600)));
	refuse_signed(header, claims_with("iat", arena_printf(arena, "%lld", now + 3600)));
	refuse_signed(header, claims_with("exp", arena_printf(arena, "%lld", now)));
}

static const char *hex_of(const struct signing_key *key)
{
	char *text = arena_alloc(arena, 2 * KEY_SIZE + 1);

	for (int i = 0; i < KEY_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", key->bytes[i]);
	return text;
}

static void bad_keys(void **state)
{
	/* What libjwt would use as an HMAC secret when a public key is what the verifier holds. */
	static const char pem[] =
	    "-----BEGIN PUBLIC KEY-----\n"
	    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9\n"
	    "q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==\n"
	    "-----END PUBLIC KEY-----\n";
	static const unsigned char zeros[KEY_SIZE];
	const char *header = header_for(script_key()->kid), *claims = good_claims();
	const char *hex = hex_of(script_key());

	(void)state;
	refuse("an empty key", forge(header, claims, zeros, 0));
	refuse("a key of one byte", forge(header, claims, zeros, 1));
	refuse("a key of zeros", forge(header, claims, zeros, KEY_SIZE));
	refuse("a PEM as key", forge(header, claims, pem, (int)strlen(pem)));
	refuse("the key's hexadecimal form", forge(header, claims, hex, (int)strlen(hex)));
	refuse("half the key", forge(header, claims, script_key()->bytes, KEY_SIZE / 2));
	refuse("the kid as key", forge(header, claims, script_key()->kid, 12));
	refuse("another kind's key",
	       forge(header, claims, keys_of(TOKEN_SESSION)->keys[0].bytes, KEY_SIZE));
	refuse("the key for codes", forge(header, claims, keys_code(), KEY_SIZE));
	/* A kiosk's key signs kiosks' tokens only, whatever they call themselves. */
	for (int kind = 0; kind < TOKEN_KINDS; kind++) {
		const struct signing_key *key = &keys_of((enum token_kind)kind)->keys[0];

		if (kind != TOKEN_SCRIPT)
			refuse("another kind's key and kid",
			       forge(header_for(key->kid), claims, key->bytes, KEY_SIZE));
	}
}

/* The 32 bytes of the signature, each bit flipped; its 43 characters, each bit flipped; and the
 * other spellings of the last one, whose two lowest bits mean nothing. */
static void bad_signatures(void **state)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *header = header_for(script_key()->kid), *claims = good_claims();
	const char *good = forge(header, claims, script_key()->bytes, KEY_SIZE);
	const char *mac_at = strrchr(good, '.') + 1;
	int signed_size = (int)(mac_at - good - 1);
	const char *signed_part = arena_strndup(arena, good, (size_t)signed_size);
	unsigned char mac[32];
	unsigned size = sizeof mac;
	int same = 0;

	(void)state;
	assert_true(verifies(good));
	HMAC(EVP_sha256(), script_key()->bytes, KEY_SIZE, (const unsigned char *)signed_part,
	     strlen(signed_part), mac, &size);
	for (int bit = 0; bit < 256; bit++) {
		mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
		refuse("a bit of the signature",
		       arena_printf(arena, "%s.%s", signed_part, base64url(mac, 32)));
		mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	for (size_t i = 0; mac_at[i]; i++) {
		for (int bit = 0; bit < 8; bit++) {
			char *bad = arena_strdup(arena, good);

			bad[signed_size + 1 + (int)i] ^= (char)(1 << bit);
			if (bad[signed_size + 1 + (int)i])
				refuse("a bit of a character", bad);
		}
	}
	for (const char *letter = letters; *letter; letter++) {
		char *other = arena_strdup(arena, good);

		other[strlen(other) - 1] = *letter;
		if (strcmp(other, good) == 0)
			same++;
		else
			refuse("another last character", other);
	}
	assert_int_equal(same, 1);
	refuse("no signature", arena_printf(arena, "%s.", signed_part));
	refuse("no third part", signed_part);
	refuse("a signature of zeros",
	       arena_printf(arena, "%s.%s", signed_part, base64url((unsigned char[32]){0}, 32)));
	refuse("half a signature", arena_printf(arena, "%s.%s", signed_part, base64url(mac, 16)));
	refuse("a longer signature",
	       arena_printf(arena, "%s.%s", signed_part, base64url((unsigned char[33]){0}, 33)));
}

static void bad_forms(void **state)
{
	const char *header = header_for(script_key()->kid), *claims = good_claims();
	const char *good = forge(header, claims, script_key()->bytes, KEY_SIZE);
	const char *h = base64url(header, strlen(header)), *c = base64url(claims, strlen(claims));
	const unsigned char *key = script_key()->bytes;

	(void)state;
	for (size_t n = 0; n < strlen(good); n++)
		refuse("cut off", arena_strndup(arena, good, n));
	refuse("padded", arena_printf(arena, "%s=", good));
	refuse("padded twice", arena_printf(arena, "%s==", good));
	refuse("a padded header", with_mac(arena_printf(arena, "%s=.%s", h, c), key, KEY_SIZE));
	refuse("padded claims", with_mac(arena_printf(arena, "%s.%s==", h, c), key, KEY_SIZE));
	refuse("a fourth part", arena_printf(arena, "%s.", good));
	refuse("five parts", arena_printf(arena, "%s.x.y", good));
	refuse("a blank before", arena_printf(arena, " %s", good));
	refuse("a line end after", arena_printf(arena, "%s\n", good));
	refuse("a word before", arena_printf(arena, "Bearer %s", good));
	refuse("a line end inside", with_mac(arena_printf(arena, "%s\n.%s", h, c), key, KEY_SIZE));
	refuse("plus and slash", with_mac(arena_printf(arena, "%s.+/%s", h, c), key, KEY_SIZE));
	refuse("an empty header", with_mac(arena_printf(arena, ".%s", c), key, KEY_SIZE));
	refuse("empty claims", with_mac(arena_printf(arena, "%s.", h), key, KEY_SIZE));
	refuse("parts in the other order",
	       with_mac(arena_printf(arena, "%s.%s", c, h), key, KEY_SIZE));
	refuse("too long",
	       forge(header, arena_printf(arena, "{\"x\":\"%*s\",%s", 2000, "x", claims + 1), key,
		     KEY_SIZE));
	refuse("very long", arena_printf(arena, "%*s", 300000, good));
	refuse("nothing", "");
	refuse("dots", "..");
	refuse("many dots", "....");
	refuse("not there", NULL);
	refuse("no base64", "\xff\xfe.\xff.\xff");
}

static void counted(void **state)
{
	(void)state;
	print_message("%d forged tokens refused\n", forged);
	assert_true(forged >= 60);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_tokens), cmocka_unit_test(skew),
	    cmocka_unit_test(bad_headers), cmocka_unit_test(bad_claims),
	    cmocka_unit_test(bad_keys),	   cmocka_unit_test(bad_signatures),
	    cmocka_unit_test(bad_forms),   cmocka_unit_test(counted),
	};

	return token_run(tests, sizeof tests / sizeof *tests);
}
