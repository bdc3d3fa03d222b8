/* services/people: lists of people as spreadsheets save them. */
#include "services/people/people.h"
#include "services/core/csv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { CSV_SIZE = 16 << 20, CELL_SIZE = 4096 };

enum column {
	COLUMN_EMAIL,
	COLUMN_NAME,
	COLUMN_ROLES,
	COLUMN_MODE,
	COLUMN_ORGANISATION,
	COLUMN_CATEGORY,
	COLUMN_COUNT,
	COLUMN_OTHER = COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {"email", "name",		"roles",
						       "mode",	"organisation", "category"};

static char *lowered(char *s)
{
	for (char *c = s; *c != 0; c++)
		*c = (char)tolower((unsigned char)*c);
	return s;
}

static bool read_header(struct csv *csv, enum column *columns)
{
	bool found[COLUMN_COUNT + 1] = {false};

	if (!csv_next(csv) && csv_why(csv) != NULL)
		return false;
	for (int i = 0; i < csv_count(csv); i++) {
		const char *name = lowered(csv_trim(csv_cell(csv, i)));
		int c = 0;

		while (c < COLUMN_COUNT && strcmp(column_names[c], name) != 0)
			c++;
		if (c < COLUMN_COUNT && found[c])
			return csv_wrong(csv, "a column is named twice");
		found[c] = true;
		columns[i] = (enum column)c;
	}
	if (!found[COLUMN_EMAIL] || !found[COLUMN_NAME])
		return csv_wrong(csv,
				 "the first line must name the columns, email and name among them");
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

static json_t *row_of(struct csv *csv, const enum column *columns)
{
	json_t *row = json_object();

	for (int i = 0; i < csv_count(csv); i++) {
		char *text = csv_plain(csv_trim(csv_cell(csv, i)));
		bool needed = columns[i] == COLUMN_EMAIL || columns[i] == COLUMN_NAME;

		if (columns[i] == COLUMN_OTHER || (*text == 0 && !needed))
			continue;
		json_object_set_new(row, column_names[columns[i]],
				    columns[i] == COLUMN_ROLES ? roles_of(text)
							       : json_string(text));
	}
	return row;
}

static bool read_all(struct csv *csv, json_t *rows)
{
	enum column columns[CSV_COLUMNS] = {0};
	int width;

	if (!read_header(csv, columns))
		return false;
	width = csv_count(csv);
	while (csv_next(csv)) {
		if (csv_count(csv) == 1 && *csv_trim(csv_cell(csv, 0)) == 0)
			continue;
		if (csv_count(csv) != width)
			return csv_wrong(csv, "not as many fields as the first line has");
		json_array_append_new(rows, row_of(csv, columns));
	}
	if (csv_why(csv) != NULL)
		return false;
	return json_array_size(rows) > 0 || csv_wrong(csv, "there are no rows");
}

fault people_csv_to_rows(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
			 const char **ret_why)
{
	struct csv *csv;
	json_t *rows;
	bool good;

	if (n > CSV_SIZE) {
		*ret_why = "the file is larger than 16 MiB";
		return &fault_size;
	}
	csv = csv_open(arena, bytes, n, CELL_SIZE, ret_why);
	if (csv == NULL)
		return &fault_bad_request;
	rows = json_array();
	good = read_all(csv, rows);
	if (good)
		*ret_rows = rows;
	else
		json_decref(rows);
	if (!good)
		*ret_why = csv_why(csv);
	csv_close(csv);
	return good ? OK : &fault_bad_request;
}
