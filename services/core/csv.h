/* services/core: CSV by RFC 4180, as spreadsheets save it: quotes, commas or semicolons, any line
 * end, with or without a byte order mark. */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include "services/core/arena.h"
#include "services/core/json.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_COLUMNS = 64 };

struct csv;

/*
 * bytes stay the caller's and outlive the reader. The separator is what the first line has more of.
 * cell_max: bytes a cell may have. NULL when the bytes are not UTF-8: *ret_why names the line.
 */
struct csv *csv_open(struct arena *arena, const char *bytes, size_t n, size_t cell_max,
		     const char **ret_why);
void csv_close(struct csv *csv); /* accepts NULL */

/* The next record into the cells; false at the end, or when csv_why() is not NULL. */
bool csv_next(struct csv *csv);
int csv_count(const struct csv *csv);
char *csv_cell(struct csv *csv, int i); /* NUL-terminated, until the next record; may be changed */
int csv_line(const struct csv *csv);	/* where the record began */
const char *csv_why(const struct csv *csv); /* what is wrong, with its line; in the arena */
/* Says so of the record just read; returns false. */
bool csv_wrong(struct csv *csv, const char *why);

/* What a file of rows is: header names the member of each column (NULL: passed over) or says
 * csv_wrong(); row makes one object of the cells, which the list takes over. */
struct csv_shape {
	size_t cell_max;
	bool (*header)(struct csv *csv, const char **members);
	json_t *(*row)(struct csv *csv, const char *const *members);
};

/*
 * A whole file: its first line, then a row a record of that many fields; empty lines are passed
 * over, and there must be one. The caller owns *ret_rows; false: *ret_why says why, in the arena.
 */
bool csv_to_rows(struct arena *arena, const char *bytes, size_t n, const struct csv_shape *shape,
		 json_t **ret_rows, const char **ret_why);

/* Blanks at both ends off, in place. */
char *csv_trim(char *cell);
/* Whether a spreadsheet would take the text for a formula: csv_add() puts ' before such a one, and
 * csv_plain() takes it off again, in place. */
char *csv_plain(char *cell);

/* One cell with its quotes where it needs them, neutral to spreadsheets. */
void csv_add(struct buffer *b, const char *text);

#endif
