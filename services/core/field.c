/* services/core: parameters decoded by table. */
#include "services/core/field.h"
#include "services/core/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* YYYY-MM-DDThh:mm[:ss[.fff]](Z|±hh:mm): the form; PostgreSQL judges the values. wall: the same
 * without an offset is good too. */
static bool instant_ok(const char *s, bool wall)
{
	static const char form[] = "dddd-dd-ddTdd:dd";
	size_t i;

	for (i = 0; form[i] != 0; i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != form[i])
			return false;
	if (s[i] == ':') {
		if (!isdigit((unsigned char)s[i + 1]) || !isdigit((unsigned char)s[i + 2]))
			return false;
		i += 3;
		if (s[i] == '.') {
			size_t digits = strspn(s + i + 1, "0123456789");

			if (digits < 1 || digits > 9)
				return false;
			i += 1 + digits;
		}
	}
	if (s[i] == 0)
		return wall;
	if (s[i] == 'Z')
		return s[i + 1] == 0;
	if (s[i] != '+' && s[i] != '-')
		return false;
	return isdigit((unsigned char)s[i + 1]) && isdigit((unsigned char)s[i + 2]) &&
	       s[i + 3] == ':' && isdigit((unsigned char)s[i + 4]) &&
	       isdigit((unsigned char)s[i + 5]) && s[i + 6] == 0;
}

static bool email_ok(const char *s)
{
	const char *at = strchr(s, '@');

	if (at == NULL || at == s || at[1] == 0 || strchr(at + 1, '@') != NULL || strlen(s) > 254)
		return false;
	for (const char *c = s; *c != 0; c++)
		if ((unsigned char)*c <= ' ' || *c == '<' || *c == '>' || *c == ',' || *c == '"' ||
		    *c == 0x7f)
			return false;
	return strchr(at, '.') != NULL || strcmp(at, "@localhost") == 0;
}

static bool choice_ok(const char *choices, const char *s)
{
	size_t n = strlen(s);

	for (const char *c = choices; *c != 0 && n > 0;) {
		size_t span = strcspn(c, "|");

		if (span == n && memcmp(c, s, n) == 0)
			return true;
		c += span + (c[span] == '|');
	}
	return false;
}

/* Of valid UTF-8: every byte that is no continuation. */
static int64_t code_points(const char *s)
{
	int64_t n = 0;

	for (; *s != 0; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static fault decode_string(struct arena *arena, const struct field *f, const char *s, size_t n,
			   const char **ret)
{
	char *copy;

	if (f->type == FIELD_TEXT || f->type == FIELD_LINES) {
		fault bad =
		    text_clean(arena, s, n, f->type == FIELD_LINES ? TEXT_LINES : 0, f->max, ret);

		if (bad == OK && code_points(*ret) < f->min)
			return &fault_bad_request;
		return bad;
	}
	if (memchr(s, 0, n) != NULL || !text_is_utf8(s, n))
		return &fault_bad_request;
	if (n > 65536 || (f->max > 0 && (int64_t)n > f->max))
		return &fault_size;
	copy = arena_strndup(arena, s, n);
	if (f->type == FIELD_UUID || f->type == FIELD_EMAIL)
		for (char *c = copy; *c != 0; c++)
			*c = (char)tolower((unsigned char)*c);
	*ret = copy;
	switch (f->type) {
	case FIELD_UUID:
		return n == 36 && text_uuid_ok(copy) ? OK : &fault_bad_request;
	case FIELD_EMAIL:
		return email_ok(copy) ? OK : &fault_bad_request;
	case FIELD_INSTANT:
	case FIELD_WHEN:
		return n <= 40 && instant_ok(copy, f->type == FIELD_WHEN) ? OK : &fault_bad_request;
	case FIELD_CHOICE:
		return choice_ok(f->choices, copy) ? OK : &fault_bad_request;
	default:
		return OK;
	}
}

static fault decode_json(struct arena *arena, const struct field *f, const json_t *value,
			 const char **ret)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text == NULL)
		return &fault_bad_request;
	if (f->max > 0 && (int64_t)strlen(text) > f->max) {
		free(text);
		return &fault_size;
	}
	*ret = arena_strdup(arena, text);
	free(text);
	return OK;
}

static fault decode_one(struct arena *arena, const struct field *f, const json_t *value, void *at)
{
	switch (f->type) {
	case FIELD_INT: {
		json_int_t n = json_integer_value(value);

		if (!json_is_integer(value))
			return &fault_bad_request;
		if ((f->max != 0 || f->min != 0) && (n < f->min || n > f->max))
			return &fault_bad_request;
		if (f->flags & FIELD_AS_TEXT)
			*(const char **)at = arena_printf(arena, "%lld", (long long)n);
		else
			*(int64_t *)at = n;
		return OK;
	}
	case FIELD_BOOL:
		if (!json_is_boolean(value))
			return &fault_bad_request;
		if (f->flags & FIELD_AS_TEXT)
			*(const char **)at = json_is_true(value) ? "true" : "false";
		else
			*(bool *)at = json_is_true(value);
		return OK;
	case FIELD_JSON:
		return decode_json(arena, f, value, at);
	default:
		if (!json_is_string(value))
			return &fault_bad_request;
		return decode_string(arena, f, json_string_value(value), json_string_length(value),
				     at);
	}
}

fault fields_decode(struct arena *arena, const struct field *fields, const json_t *params,
		    void *ret, const char **ret_field)
{
	for (const struct field *f = fields; f != NULL && f->type != FIELD_END; f++) {
		const json_t *value = json_object_get(params, f->name);
		fault bad;

		if (value == NULL || json_is_null(value)) {
			if (f->flags & FIELD_OPTIONAL)
				continue;
			*ret_field = f->name;
			return &fault_bad_request;
		}
		bad = decode_one(arena, f, value, (char *)ret + f->at);
		if (bad != OK) {
			*ret_field = f->name;
			return bad;
		}
	}
	return OK;
}
