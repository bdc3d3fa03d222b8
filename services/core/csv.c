/* services/core: CSV read record by record, and cells written. */
#include "services/core/csv.h"
#include "services/core/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct csv {
	struct arena *arena;
	const char *at, *end;
	int line, began; /* where the reader is, and where its record began */
	char separator;
	size_t cell_max;
	const char *why;
	struct buffer cells;	    /* of one record, each with its NUL */
	size_t starts[CSV_COLUMNS]; /* in cells */
	int count;
};

bool csv_wrong(struct csv *csv, const char *why)
{
	csv->why = arena_printf(csv->arena, "line %d: %s", csv->began, why);
	return false;
}

const char *csv_why(const struct csv *csv)
{
	return csv->why;
}

int csv_count(const struct csv *csv)
{
	return csv->count;
}

int csv_line(const struct csv *csv)
{
	return csv->began;
}

char *csv_cell(struct csv *csv, int i)
{
	return csv->cells.bytes + csv->starts[i];
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

static char separator_of(const char *at, const char *end)
{
	int commas = 0, semicolons = 0;

	for (; at != end && *at != '\n' && *at != '\r'; at++) {
		commas += *at == ',';
		semicolons += *at == ';';
	}
	return semicolons > commas ? ';' : ',';
}

struct csv *csv_open(struct arena *arena, const char *bytes, size_t n, size_t cell_max,
		     const char **ret_why)
{
	int line = bad_line(bytes, n);
	struct csv *csv;

	if (line > 0) {
		*ret_why = arena_printf(arena, "line %d: not UTF-8", line);
		return NULL;
	}
	if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		n -= 3;
	}
	csv = xcalloc(1, sizeof(*csv));
	csv->arena = arena;
	csv->at = bytes;
	csv->end = bytes + n;
	csv->line = csv->began = 1;
	csv->cell_max = cell_max;
	csv->separator = separator_of(bytes, bytes + n);
	return csv;
}

void csv_close(struct csv *csv)
{
	if (csv != NULL)
		buffer_finish(&csv->cells);
	free(csv);
}

static bool at_break(const struct csv *csv)
{
	return csv->at == csv->end || *csv->at == '\n' || *csv->at == '\r' ||
	       *csv->at == csv->separator;
}

static bool put(struct csv *csv, const char *from, size_t n)
{
	size_t held = csv->cells.size - csv->starts[csv->count - 1];

	if (held + n > csv->cell_max)
		return csv_wrong(csv, "a field is too long");
	buffer_add(&csv->cells, from, n);
	return true;
}

/* A quoted cell from after its quote to after the closing one. */
static bool read_quoted(struct csv *csv)
{
	for (;;) {
		const char *from = csv->at;

		while (csv->at != csv->end && *csv->at != '"')
			csv->line += *csv->at++ == '\n';
		if (csv->at == csv->end) {
			csv->began = csv->line;
			return csv_wrong(csv, "a quote is not closed");
		}
		csv->at++;
		if (csv->at == csv->end || *csv->at != '"') {
			if (!put(csv, from, (size_t)(csv->at - from) - 1))
				return false;
			return at_break(csv) || csv_wrong(csv, "text after the closing quote");
		}
		if (!put(csv, from, (size_t)(csv->at - from)))
			return false;
		csv->at++;
	}
}

static bool read_plain(struct csv *csv)
{
	const char *from = csv->at;

	for (; !at_break(csv); csv->at++)
		if (*csv->at == '"')
			return csv_wrong(csv, "a quote inside a field without quotes");
	return put(csv, from, (size_t)(csv->at - from));
}

bool csv_next(struct csv *csv)
{
	if (csv->why != NULL || csv->at == csv->end)
		return false;
	csv->began = csv->line;
	csv->cells.size = 0;
	for (csv->count = 0;;) {
		bool quoted = csv->at != csv->end && *csv->at == '"';

		if (csv->count == CSV_COLUMNS)
			return csv_wrong(csv, "too many fields");
		csv->starts[csv->count++] = csv->cells.size;
		csv->at += quoted;
		if (!(quoted ? read_quoted(csv) : read_plain(csv)))
			return false;
		buffer_add(&csv->cells, "", 1);
		if (csv->at == csv->end || *csv->at != csv->separator)
			break;
		csv->at++;
	}
	if (csv->at != csv->end && *csv->at == '\r')
		csv->at++;
	if (csv->at != csv->end && *csv->at == '\n')
		csv->at++;
	csv->line++;
	return true;
}

char *csv_trim(char *cell)
{
	size_t n;

	while (isspace((unsigned char)*cell))
		cell++;
	for (n = strlen(cell); n > 0 && isspace((unsigned char)cell[n - 1]); n--)
		cell[n - 1] = 0;
	return cell;
}

static bool read_records(struct csv *csv, const struct csv_shape *shape, json_t *rows)
{
	const char *members[CSV_COLUMNS] = {0};
	int width;

	if (!csv_next(csv))
		return csv->why == NULL ? csv_wrong(csv, "the file is empty") : false;
	if (!shape->header(csv, members))
		return false;
	width = csv->count;
	while (csv_next(csv)) {
		if (csv->count == 1 && *csv_trim(csv_cell(csv, 0)) == 0)
			continue;
		if (csv->count != width)
			return csv_wrong(csv, "not as many fields as the first line has");
		json_array_append_new(rows, shape->row(csv, members));
	}
	if (csv->why != NULL)
		return false;
	return json_array_size(rows) > 0 || csv_wrong(csv, "there are no rows");
}

bool csv_to_rows(struct arena *arena, const char *bytes, size_t n, const struct csv_shape *shape,
		 json_t **ret_rows, const char **ret_why)
{
	struct csv *csv = csv_open(arena, bytes, n, shape->cell_max, ret_why);
	json_t *rows;
	bool good;

	if (csv == NULL)
		return false;
	rows = json_array();
	good = read_records(csv, shape, rows);
	if (good) {
		*ret_rows = rows;
	} else {
		json_decref(rows);
		*ret_why = csv_why(csv);
	}
	csv_close(csv);
	return good;
}

/* Also of text that has quotes before it already, so that taking one off gives back what was. */
static bool is_formula(const char *text)
{
	size_t quotes = strspn(text, "'");

	return text[quotes] != 0 && strchr("=+-@\t\r", text[quotes]) != NULL;
}

char *csv_plain(char *cell)
{
	return *cell == '\'' && is_formula(cell) ? cell + 1 : cell;
}

void csv_add(struct buffer *b, const char *text)
{
	bool formula = is_formula(text);

	if (!formula && strpbrk(text, ",;\"\r\n") == NULL) {
		buffer_text(b, text);
		return;
	}
	buffer_text(b, formula ? "\"'" : "\"");
	for (const char *at = text;; at++) {
		size_t n = strcspn(at, "\"");

		buffer_add(b, at, n);
		at += n;
		if (*at == 0)
			break;
		buffer_text(b, "\"\"");
	}
	buffer_text(b, "\"");
}
