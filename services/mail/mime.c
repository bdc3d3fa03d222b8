/* services/mail: a message from outside, looked into: lines, headers, parts, encodings. Nothing is
 * refused here: what is not there is not found. */
#include "services/mail/mime.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HEADER_MAX = 4000, BOUNDARY_MAX = 200 };

bool mime_line(struct span *rest, struct span *ret_line)
{
	const char *end;

	if (rest->n == 0)
		return false;
	end = memchr(rest->s, '\n', rest->n);
	ret_line->s = rest->s;
	ret_line->n = end != NULL ? (size_t)(end - rest->s) : rest->n;
	rest->s += ret_line->n + (end != NULL);
	rest->n -= ret_line->n + (end != NULL);
	if (ret_line->n > 0 && ret_line->s[ret_line->n - 1] == '\r')
		ret_line->n--;
	return true;
}

void mime_split(struct span all, struct span *ret_head, struct span *ret_body)
{
	struct span rest = all, line;

	*ret_head = all;
	while (mime_line(&rest, &line))
		if (line.n == 0) {
			ret_head->n = (size_t)(line.s - all.s);
			break;
		}
	*ret_body = rest;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What follows "name:" on a line; false: it is another's. */
static bool field_of(struct span line, const char *name, struct span *ret_text)
{
	size_t n = strlen(name);

	if (line.n <= n || strncasecmp(line.s, name, n) != 0)
		return false;
	while (n < line.n && blank(line.s[n]))
		n++;
	if (n == line.n || line.s[n] != ':')
		return false;
	*ret_text = (struct span){line.s + n + 1, line.n - n - 1};
	return true;
}

static size_t add_text(char *to, size_t n, struct span text)
{
	for (size_t i = 0; i < text.n && n < HEADER_MAX; i++) {
		unsigned char c = (unsigned char)text.s[i];

		to[n++] = (char)(c < 0x20 || c == 0x7f ? ' ' : c);
	}
	return n;
}

const char *mime_header(struct arena *arena, struct span head, const char *name)
{
	struct span line, text;
	char *value;
	size_t n = 0;

	do {
		if (!mime_line(&head, &line))
			return NULL;
	} while (!field_of(line, name, &text));
	value = arena_alloc(arena, HEADER_MAX + 1);
	n = add_text(value, n, text);
	while (head.n > 0 && blank(*head.s) && mime_line(&head, &line))
		n = add_text(value, n, line);
	while (n > 0 && value[n - 1] == ' ')
		n--;
	value[n] = 0;
	return value + strspn(value, " ");
}

bool mime_is(const char *value, const char *type)
{
	size_t n = strlen(type);

	return value != NULL && strncasecmp(value, type, n) == 0 &&
	       (value[n] == 0 || strchr("; \t(", value[n]) != NULL);
}

/* From the quote on: what it says, and where it ends. */
static char *quoted(struct arena *arena, const char **at)
{
	const char *c = *at + 1;
	char *text = arena_alloc(arena, strlen(c) + 1);
	size_t n = 0;

	while (*c != 0 && *c != '"') {
		if (*c == '\\' && c[1] != 0)
			c++;
		text[n++] = *c++;
	}
	*at = *c == '"' ? c + 1 : c;
	return text;
}

const char *mime_param(struct arena *arena, const char *value, const char *name)
{
	size_t n = strlen(name);
	const char *c = value + strcspn(value, ";");

	while (*c == ';') {
		const char *found;
		bool ours;

		c += 1 + strspn(c + 1, " \t");
		ours = strncasecmp(c, name, n) == 0 && (c[n] == '=' || blank(c[n]));
		c += strcspn(c, "=;");
		if (*c != '=')
			continue;
		c += 1 + strspn(c + 1, " \t");
		if (*c == '"') {
			found = quoted(arena, &c);
		} else {
			size_t size = strcspn(c, "; \t");

			found = arena_strndup(arena, c, size);
			c += size;
		}
		if (ours)
			return found;
		c += strcspn(c, ";");
	}
	return NULL;
}

enum delimiter { DELIMITER_NONE, DELIMITER_NEXT, DELIMITER_LAST };

static enum delimiter delimiter_of(struct span line, const char *boundary, size_t n)
{
	bool last;
	size_t at = n + 2;

	if (line.n < at || line.s[0] != '-' || line.s[1] != '-' ||
	    memcmp(line.s + 2, boundary, n) != 0)
		return DELIMITER_NONE;
	last = line.n >= at + 2 && line.s[at] == '-' && line.s[at + 1] == '-';
	at += last ? 2 : 0;
	while (at < line.n && blank(line.s[at]))
		at++;
	return at < line.n ? DELIMITER_NONE : last ? DELIMITER_LAST : DELIMITER_NEXT;
}

bool mime_part(struct span *rest, const char *boundary, struct span *ret_part)
{
	size_t n = strlen(boundary);
	struct span line, ahead;
	enum delimiter kind = DELIMITER_NONE;

	if (n == 0 || n > BOUNDARY_MAX)
		return false;
	while (kind == DELIMITER_NONE && mime_line(rest, &line))
		kind = delimiter_of(line, boundary, n);
	if (kind != DELIMITER_NEXT)
		return false;
	*ret_part = *rest;
	/* The delimiter that ends it begins the next one, and stays. */
	for (ahead = *rest; mime_line(&ahead, &line); *rest = ahead)
		if (delimiter_of(line, boundary, n) != DELIMITER_NONE)
			break;
	ret_part->n = (size_t)(rest->s - ret_part->s);
	return true;
}

static int base64_value(unsigned char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c >= '0' && c <= '9' ? c - '0' + 52
	       : c == '+'	      ? 62
	       : c == '/'	      ? 63
				      : -1;
}

static size_t from_base64(char *to, struct span body)
{
	unsigned long bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; i < body.n && body.s[i] != '='; i++) {
		int value = base64_value((unsigned char)body.s[i]);

		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned long)value) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (char)(bits >> have & 0xff);
		}
	}
	return n;
}

static int hex_value(unsigned char c)
{
	return isdigit(c) ? c - '0' : isxdigit(c) ? (c | 0x20) - 'a' + 10 : -1;
}

static size_t from_quoted(char *to, struct span body)
{
	struct span line;
	size_t n = 0;

	while (mime_line(&body, &line)) {
		bool soft;

		while (line.n > 0 && blank(line.s[line.n - 1]))
			line.n--;
		soft = line.n > 0 && line.s[line.n - 1] == '=';
		line.n -= soft;
		for (size_t i = 0; i < line.n; i++) {
			int high = -1, low = -1;

			if (line.s[i] == '=' && i + 2 < line.n) {
				high = hex_value((unsigned char)line.s[i + 1]);
				low = hex_value((unsigned char)line.s[i + 2]);
			}
			if (high >= 0 && low >= 0)
				i += 2;
			to[n++] = (char)(high >= 0 && low >= 0 ? high << 4 | low : line.s[i]);
		}
		if (!soft)
			to[n++] = '\n';
	}
	return n;
}

struct span mime_decoded(struct arena *arena, struct span head, struct span body)
{
	const char *encoding = mime_header(arena, head, "Content-Transfer-Encoding");
	bool base64 = mime_is(encoding, "base64");
	char *to;

	if (!base64 && !mime_is(encoding, "quoted-printable"))
		return body;
	to = arena_alloc(arena, body.n + 2);
	return (struct span){to, base64 ? from_base64(to, body) : from_quoted(to, body)};
}
