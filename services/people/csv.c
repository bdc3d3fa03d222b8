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
	COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {"email", "name",		"roles",
						       "mode",	"organisation", "category"};

static char *lowered(char *s)
{
	for (char *c = s; *c != 0; c++)
		*c = (char)tolower((unsigned char)*c);
	return s;
}

static bool read_header(struct csv *csv, const char **members)
{
	bool found[COLUMN_COUNT + 1] = {false};

	for (int i = 0; i < csv_count(csv); i++) {
		const char *name = lowered(csv_trim(csv_cell(csv, i)));
		int c = 0;

		while (c < COLUMN_COUNT && strcmp(column_names[c], name) != 0)
			c++;
		if (c < COLUMN_COUNT && found[c])
			return csv_wrong(csv, "a column is named twice");
		found[c] = true;
		members[i] = c < COLUMN_COUNT ? column_names[c] : NULL;
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

static json_t *row_of(struct csv *csv, const char *const *members)
{
	json_t *row = json_object();

	for (int i = 0; i < csv_count(csv); i++) {
		char *text = csv_plain(csv_trim(csv_cell(csv, i)));
		bool needed = members[i] == column_names[COLUMN_EMAIL] ||
			      members[i] == column_names[COLUMN_NAME];

		if (members[i] == NULL || (*text == 0 && !needed))
			continue;
		json_object_set_new(row, members[i],
				    members[i] == column_names[COLUMN_ROLES] ? roles_of(text)
									     : json_string(text));
	}
	return row;
}

static const struct csv_shape shape = {CELL_SIZE, read_header, row_of};

fault people_csv_to_rows(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
			 const char **ret_why)
{
	if (n > CSV_SIZE) {
		*ret_why = "the file is larger than 16 MiB";
		return &fault_size;
	}
	return csv_to_rows(arena, bytes, n, &shape, ret_rows, ret_why) ? OK : &fault_bad_request;
}
