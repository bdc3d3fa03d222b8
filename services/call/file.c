/* services/call: files of abstracts: our JSON, HotCRP's data.json, spreadsheets. What a member
 * means is read here; whether it may be is import.c's. */
#include "services/call/parts.h"
#include "services/core/csv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CELL_SIZE = 64 << 10 };

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void put_text(json_t *to, const char *name, const char *text)
{
	if (text != NULL && *text != 0)
		json_object_set_new(to, name, json_string(text));
}

/* "name", or "first" and "last". */
static const char *name_of(struct arena *arena, const json_t *person)
{
	const char *name = text_of(person, "name"), *first = text_of(person, "first"),
		   *last = text_of(person, "last");

	if (name != NULL && *name != 0)
		return name;
	if (first == NULL || *first == 0)
		return last;
	return last != NULL && *last != 0 ? arena_printf(arena, "%s %s", first, last) : first;
}

static json_t *authors_of(struct arena *arena, const json_t *authors)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach((json_t *)authors, i, one)
	{
		json_t *author = json_object();

		put_text(author, "name", name_of(arena, one));
		if (json_object_get(author, "name") == NULL)
			put_text(author, "name", text_of(one, "email"));
		put_text(author, "affiliation", text_of(one, "affiliation"));
		put_text(author, "email", text_of(one, "email"));
		if (json_is_true(json_object_get(one, "presents")))
			json_object_set_new(author, "presents", json_true());
		json_array_append_new(list, author);
	}
	return list;
}

/* ["a","b"], or HotCRP's {"a":true}. */
static json_t *topics_of(const json_t *topics)
{
	json_t *list, *on;
	const char *name;

	if (!json_is_object(topics))
		return json_is_array(topics) ? json_incref((json_t *)topics) : NULL;
	list = json_array();
	json_object_foreach((json_t *)topics, name, on) if (!json_is_false(on))
	    json_array_append_new(list, json_string(name));
	return list;
}

static bool usable(const json_t *person)
{
	return json_is_object(person) && text_of(person, "email") != NULL;
}

/* Whom to write to: the person, the first contact, the author marked as one, the first with an
 * address. */
static const json_t *submitter_of(const json_t *row)
{
	const json_t *authors = json_object_get(row, "authors"),
		     *contact = json_array_get(json_object_get(row, "contacts"), 0), *found = NULL;
	size_t i;
	json_t *one;

	if (usable(json_object_get(row, "person")))
		return json_object_get(row, "person");
	if (usable(contact))
		return contact;
	json_array_foreach((json_t *)authors, i, one)
	{
		if (usable(one) && json_is_true(json_object_get(one, "contact")))
			return one;
		if (found == NULL && usable(one))
			found = one;
	}
	return found;
}

static const char *state_of(const json_t *row)
{
	const char *state = text_of(row, "state"), *status = text_of(row, "status");

	if (state != NULL)
		return state;
	if (json_is_true(json_object_get(row, "withdrawn")) ||
	    (status != NULL && strcmp(status, "withdrawn") == 0))
		return "withdrawn";
	if (json_is_true(json_object_get(row, "draft")) ||
	    json_is_false(json_object_get(row, "submitted")) ||
	    (status != NULL && (strcmp(status, "draft") == 0 || strcmp(status, "inprogress") == 0)))
		return "draft";
	return "submitted";
}

static const char *submitted_of(struct arena *arena, const json_t *row)
{
	const json_t *at = json_object_get(row, "submitted_at");
	const char *text = text_of(row, "submitted");
	time_t seconds = (time_t)json_integer_value(at);
	struct tm tm;
	char iso[32];

	if (text == NULL)
		text = text_of(row, "received");
	if (text != NULL || !json_is_integer(at) || seconds <= 0)
		return text;
	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return NULL;
	return arena_strdup(arena, iso);
}

static json_t *json_row(struct arena *arena, const json_t *from)
{
	const json_t *who = submitter_of(from), *number = json_object_get(from, "number");
	json_t *row = json_object(), *topics = topics_of(json_object_get(from, "topics"));
	const char *body = text_of(from, "body");

	if (!json_is_integer(number))
		number = json_object_get(from, "pid");
	if (json_is_integer(number))
		json_object_set(row, "number", (json_t *)number);
	put_text(row, "source", text_of(from, "source"));
	if (json_object_get(row, "source") == NULL && json_is_integer(number))
		put_text(row, "source",
			 arena_printf(arena, "%lld", (long long)json_integer_value(number)));
	put_text(row, "email",
		 text_of(from, "email") != NULL ? text_of(from, "email") : text_of(who, "email"));
	put_text(row, "name",
		 text_of(from, "name") != NULL ? text_of(from, "name") : name_of(arena, who));
	if (json_object_get(row, "name") == NULL)
		put_text(row, "name", text_of(row, "email"));
	put_text(row, "title", text_of(from, "title"));
	/* A draft may have none yet; what was handed in is asked for it later. */
	if (body == NULL)
		body = text_of(from, "abstract");
	json_object_set_new(row, "body", json_string(body != NULL ? body : ""));
	put_text(row, "wish", text_of(from, "wish"));
	put_text(row, "mode", text_of(from, "mode"));
	put_text(row, "state", state_of(from));
	put_text(row, "submitted", submitted_of(arena, from));
	json_object_set_new(row, "authors", authors_of(arena, json_object_get(from, "authors")));
	if (topics != NULL)
		json_object_set_new(row, "topics", topics);
	if (json_object_get(from, "consents") != NULL)
		json_object_set(row, "consents", json_object_get(from, "consents"));
	return row;
}

static fault read_json(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
		       const char **ret_why)
{
	int line = 0;
	json_t *file = json_read_file(bytes, n, ret_why, &line), *list = file, *one;
	size_t i;

	if (file == NULL) {
		*ret_why = arena_printf(arena, "line %d: %s", line, *ret_why);
		return &fault_bad_request;
	}
	if (json_is_object(file))
		list = json_object_get(file, "abstracts") != NULL
			   ? json_object_get(file, "abstracts")
			   : json_object_get(file, "papers");
	if (!json_is_array(list) || json_array_size(list) == 0) {
		*ret_why = "there is no list of abstracts in it";
		json_decref(file);
		return &fault_bad_request;
	}
	*ret_rows = json_array();
	json_array_foreach(list, i, one) json_array_append_new(
	    *ret_rows, json_is_object(one) ? json_row(arena, one) : json_null());
	json_decref(file);
	return OK;
}

/* Columns by their names; those of HotCRP's spreadsheets, too. */
static const struct {
	const char *name, *member;
} columns[] = {
    {"id", "source"},	    {"source", "source"},	{"number", "source"},
    {"title", "title"},	    {"abstract", "body"},	{"body", "body"},
    {"authors", "authors"}, {"topics", "topics"},	{"email", "email"},
    {"name", "name"},	    {"mode", "mode"},		{"wish", "wish"},
    {"state", "state"},	    {"submitted", "submitted"}, {"consents", "consents"},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static bool read_header(struct csv *csv, const char **members)
{
	bool title = false, email = false;

	for (int i = 0; i < csv_count(csv); i++) {
		const char *name = csv_trim(csv_cell(csv, i));

		members[i] = NULL;
		for (size_t k = 0; k < COLUMNS; k++)
			if (strcasecmp(columns[k].name, name) == 0)
				members[i] = columns[k].member;
		for (int before = 0; members[i] != NULL && before < i; before++)
			if (members[before] == members[i] ||
			    (members[before] != NULL && strcmp(members[before], members[i]) == 0))
				return csv_wrong(csv, "two columns mean the same");
		title |= members[i] != NULL && strcmp(members[i], "title") == 0;
		email |= members[i] != NULL && strcmp(members[i], "email") == 0;
	}
	if (!title || !email)
		return csv_wrong(csv, "the first line must name the columns, title and email "
				      "among them");
	return true;
}

/* "*Ada Aagaard (DTU); Bo Berg (KU)": the one with a star presents. */
static json_t *authors_in(char *text)
{
	json_t *list = json_array();
	char *rest = NULL;

	for (char *one = strtok_r(text, ";\n", &rest); one != NULL;
	     one = strtok_r(NULL, ";\n", &rest)) {
		json_t *author = json_object();
		char *name = csv_trim(one), *open = strchr(name, '(');
		size_t n = strlen(name);

		if (*name == '*') {
			json_object_set_new(author, "presents", json_true());
			name++;
			n--;
		}
		if (open != NULL && n > 0 && name[n - 1] == ')') {
			name[n - 1] = 0;
			*open = 0;
			put_text(author, "affiliation", csv_trim(open + 1));
		}
		put_text(author, "name", csv_trim(name));
		if (json_object_get(author, "name") != NULL)
			json_array_append_new(list, author);
		else
			json_decref(author);
	}
	return list;
}

/* "data", "book 2=no@2021-02-01T10:00:00Z": a kind, the version of its words, whether it was given
 * and when. What cannot be read is refused with its row. */
static json_t *consent_in(char *text)
{
	json_t *consent = json_object();
	char *at = strchr(text, '@'), *answer, *kind, *version;

	if (at != NULL)
		*at++ = 0;
	answer = strchr(text, '=');
	if (answer != NULL)
		*answer++ = 0;
	if (answer == NULL || strcasecmp(csv_trim(answer), "yes") == 0)
		json_object_set_new(consent, "given", json_true());
	else if (strcasecmp(csv_trim(answer), "no") == 0)
		json_object_set_new(consent, "given", json_false());
	kind = csv_trim(text);
	version = strchr(kind, ' ');
	if (version != NULL) {
		*version++ = 0;
		json_object_set_new(consent, "version", json_integer(strtoll(version, NULL, 10)));
	}
	put_text(consent, "kind", kind);
	if (at != NULL)
		put_text(consent, "at", csv_trim(at));
	return consent;
}

/* What stands between any of the separators, each as `one` makes it. */
static json_t *list_in(char *text, const char *separators, json_t *(*one)(char *))
{
	json_t *list = json_array();
	char *rest = NULL;

	for (char *part = strtok_r(text, separators, &rest); part != NULL;
	     part = strtok_r(NULL, separators, &rest))
		if (*csv_trim(part) != 0)
			json_array_append_new(list, one(csv_trim(part)));
	return list;
}

static json_t *topic_in(char *text)
{
	return json_string(text);
}

static json_t *csv_row(struct csv *csv, const char *const *members)
{
	json_t *row = json_object();

	for (int i = 0; i < csv_count(csv); i++) {
		char *text = csv_plain(csv_trim(csv_cell(csv, i)));

		if (members[i] == NULL)
			continue;
		if (strcmp(members[i], "authors") == 0)
			json_object_set_new(row, "authors", authors_in(text));
		else if (strcmp(members[i], "topics") == 0)
			json_object_set_new(row, "topics", list_in(text, ";|\n", topic_in));
		else if (strcmp(members[i], "consents") == 0)
			json_object_set_new(row, "consents", list_in(text, ";\n", consent_in));
		else
			put_text(row, members[i], text);
	}
	if (json_object_get(row, "name") == NULL)
		put_text(row, "name", text_of(row, "email"));
	if (json_object_get(row, "authors") == NULL)
		json_object_set_new(row, "authors", json_array());
	if (json_object_get(row, "body") == NULL)
		json_object_set_new(row, "body", json_string(""));
	return row;
}

static const struct csv_shape csv_shape = {CELL_SIZE, read_header, csv_row};

fault abstracts_to_rows(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
			const char **ret_why)
{
	size_t at = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (n > ABSTRACTS_FILE_MAX) {
		*ret_why = "the file is larger than 64 MiB";
		return &fault_size;
	}
	while (at < n && isspace((unsigned char)bytes[at]))
		at++;
	if (at < n && (bytes[at] == '{' || bytes[at] == '['))
		return read_json(arena, bytes + at, n - at, ret_rows, ret_why);
	return csv_to_rows(arena, bytes, n, &csv_shape, ret_rows, ret_why) ? OK
									   : &fault_bad_request;
}
