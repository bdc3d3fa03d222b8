/* services/people: lists of people as spreadsheets save them: CSV by RFC 4180. */
#include "services/people/people.h"
#include "services/core/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { CSV_SIZE = 16 << 20, CELL_SIZE = 4096, COLUMNS = 64 };

enum column {
	COLUMN_EMAIL,
	COLUMN_NAME,
	COLUMN_ROLES,
	COLUMN_MODE,
	COLUMN_COUNT,
	COLUMN_OTHER = COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {"email", "name", "roles", "mode"};

struct reader {
	struct arena *arena;
	const char *at, *end;
	int line; /* where the record being read begins, then ends */
	char separator;
	const char *why;
	char cells[COLUMNS][CELL_SIZE + 1];
	int count;
};

static bool wrong(struct reader *r, const char *why)
{
	r->why = arena_printf(r->arena, "line %d: %s", r->line, why);
	return false;
}

static bool at_break(const struct reader *r)
{
	return r->at == r->end || *r->at == '\n' || *r->at == '\r' || *r->at == r->separator;
}

/* A quoted cell from after its quote to after the closing one. */
static bool read_quoted(struct reader *r, char *cell)
{
	size_t n = 0;

	for (;; r->at++) {
		if (r->at == r->end)
			return wrong(r, "a quote is not closed");
		if (*r->at == '"') {
			if (r->at + 1 == r->end || r->at[1] != '"')
				break;
			r->at++;
		}
		if (*r->at == '\n')
			r->line++;
		if (n == CELL_SIZE)
			return wrong(r, "a field is too long");
		cell[n++] = *r->at;
	}
	cell[n] = 0;
	r->at++;
	return at_break(r) || wrong(r, "text after the closing quote");
}

static bool read_plain(struct reader *r, char *cell)
{
	size_t n = 0;

	for (; !at_break(r); r->at++) {
		if (*r->at == '"')
			return wrong(r, "a quote inside a field without quotes");
		if (n == CELL_SIZE)
			return wrong(r, "a field is too long");
		cell[n++] = *r->at;
	}
	cell[n] = 0;
	return true;
}

/* One record into cells, the line end eaten. */
static bool read_record(struct reader *r)
{
	for (r->count = 0;;) {
		char *cell;

		if (r->count == COLUMNS)
			return wrong(r, "too many fields");
		cell = r->cells[r->count++];
		if (r->at != r->end && *r->at == '"') {
			r->at++;
			if (!read_quoted(r, cell))
				return false;
		} else if (!read_plain(r, cell)) {
			return false;
		}
		if (r->at == r->end || *r->at != r->separator)
			break;
		r->at++;
	}
	if (r->at != r->end && *r->at == '\r')
		r->at++;
	if (r->at != r->end && *r->at == '\n')
		r->at++;
	return true;
}

/* Blanks at both ends go; in place. */
static char *trimmed(char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	for (n = strlen(s); n > 0 && isspace((unsigned char)s[n - 1]); n--)
		s[n - 1] = 0;
	return s;
}

static char *lowered(char *s)
{
	for (char *c = s; *c != 0; c++)
		*c = (char)tolower((unsigned char)*c);
	return s;
}

static bool read_header(struct reader *r, enum column *columns)
{
	bool found[COLUMN_COUNT + 1] = {false};

	if (!read_record(r))
		return false;
	for (int i = 0; i < r->count; i++) {
		const char *name = lowered(trimmed(r->cells[i]));
		int c = 0;

		while (c < COLUMN_COUNT && strcmp(column_names[c], name) != 0)
			c++;
		if (c < COLUMN_COUNT && found[c])
			return wrong(r, "a column is named twice");
		found[c] = true;
		columns[i] = (enum column)c;
	}
	if (!found[COLUMN_EMAIL] || !found[COLUMN_NAME])
		return wrong(r, "the first line must name the columns, email and name among them");
	return true;
}

/* "speaker moderator", also with | + , or ; between. */
static json_t *roles_of(char *text)
{
	json_t *roles = json_array();
	char *rest = NULL;

	for (char *role = strtok_r(text, " |+,;\t", &rest); role != NULL;
	     role = strtok_r(NULL, " |+,;\t", &rest))
		json_array_append_new(roles, json_string(lowered(role)));
	return roles;
}

static json_t *row_of(struct reader *r, const enum column *columns)
{
	json_t *row = json_object();

	for (int i = 0; i < r->count; i++) {
		char *text = trimmed(r->cells[i]);
		bool needed = columns[i] == COLUMN_EMAIL || columns[i] == COLUMN_NAME;

		if (columns[i] == COLUMN_OTHER || (*text == 0 && !needed))
			continue;
		json_object_set_new(row, column_names[columns[i]],
				    columns[i] == COLUMN_ROLES ? roles_of(text)
							       : json_string(text));
	}
	return row;
}

/* What separates the names in the first line: whichever of the two there is more of. */
static char separator_of(const char *at, const char *end)
{
	int commas = 0, semicolons = 0;

	for (; at != end && *at != '\n' && *at != '\r'; at++) {
		commas += *at == ',';
		semicolons += *at == ';';
	}
	return semicolons > commas ? ';' : ',';
}

static bool read_all(struct reader *r, json_t *rows)
{
	enum column columns[COLUMNS];
	int width;

	if (!read_header(r, columns))
		return false;
	width = r->count;
	while (r->at != r->end) {
		int line = ++r->line;

		if (!read_record(r))
			return false;
		if (r->count == 1 && *trimmed(r->cells[0]) == 0)
			continue;
		if (r->count != width) {
			r->line = line;
			return wrong(r, "not as many fields as the first line has");
		}
		json_array_append_new(rows, row_of(r, columns));
	}
	return json_array_size(rows) > 0 || wrong(r, "there are no rows");
}

/* The line of the first byte that is not as it should be; 0 when all are. */
static int bad_line(const char *bytes, size_t n)
{
	int line = 1;

	if (memchr(bytes, 0, n) == NULL && text_is_utf8(bytes, n))
		return 0;
	/* A line break is never part of another character, so each line can be judged by itself. */
	for (const char *at = bytes; at < bytes + n; line++) {
		const char *stop = memchr(at, '\n', (size_t)(bytes + n - at));
		size_t size = (size_t)((stop != NULL ? stop : bytes + n) - at);

		if (memchr(at, 0, size) != NULL || !text_is_utf8(at, size))
			return line;
		at += size + 1;
	}
	return line;
}

fault people_csv_to_rows(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
			 const char **ret_why)
{
	struct reader *r;
	json_t *rows;
	bool good;
	int line;

	if (n > CSV_SIZE) {
		*ret_why = "the file is larger than 16 MiB";
		return &fault_size;
	}
	line = bad_line(bytes, n);
	if (line > 0) {
		*ret_why = arena_printf(arena, "line %d: not UTF-8", line);
		return &fault_bad_request;
	}
	if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		n -= 3;
	}
	r = xcalloc(1, sizeof(*r));
	*r = (struct reader){.arena = arena, .at = bytes, .end = bytes + n, .line = 1};
	r->separator = separator_of(bytes, bytes + n);
	rows = json_array();
	good = read_all(r, rows);
	if (good)
		*ret_rows = rows;
	else
		json_decref(rows);
	if (!good)
		*ret_why = r->why;
	free(r);
	return good ? OK : &fault_bad_request;
}
