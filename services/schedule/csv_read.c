/* services/schedule: a programme as a spreadsheet, one row a slot → our document. What has no
 * column is not touched. */
#include "services/schedule/file.h"
#include "services/core/csv.h"

#include <ctype.h>
#include <string.h>

enum { CELL_MAX = 256 << 10 };

/* name: the column; member: where a frab event has it; as: where our document does, when a missing
 * column means "as it is". */
static const struct column {
	const char *name, *member, *as;
	bool needed;
} columns[] = {
    {"slot", "@slot", NULL, false},
    {"guid", "guid", NULL, false},
    {"number", "id", NULL, false},
    {"title", "title", NULL, true},
    {"subtitle", "subtitle", "subtitle", false},
    {"track", "track", "track", false},
    {"kind", "type", "kind", false},
    {"language", "language", "language", false},
    {"room", "@room", NULL, true},
    {"start", "date", NULL, true},
    {"end", "end", NULL, true},
    {"speakers", "@speakers", "speakers", false},
    {"speaker_guids", "@guids", NULL, false},
    {"talks", "@talks", NULL, false},
    {"abstract", "abstract", "abstract", false},
    {"description", "description", "description", false},
    {"url", "url", "url", false},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

struct sheet {
	struct frab f;
	struct csv *csv;
	const struct column *of_cell[CSV_COLUMNS]; /* NULL: not ours */
	bool has[COLUMNS];
};

static bool read_header(struct sheet *s)
{
	if (!csv_next(s->csv))
		return csv_why(s->csv) == NULL && csv_wrong(s->csv, "there are no rows");
	for (int i = 0; i < csv_count(s->csv); i++) {
		char *name = csv_trim(csv_cell(s->csv, i));
		int c = 0;

		for (char *at = name; *at != 0; at++)
			*at = (char)tolower((unsigned char)*at);
		while (c < COLUMNS && strcmp(columns[c].name, name) != 0)
			c++;
		if (c == COLUMNS) {
			frab_report(&s->f, "noted", "column %.40s means nothing to us", name);
			continue;
		}
		if (s->has[c])
			return csv_wrong(s->csv, "a column is named twice");
		s->has[c] = true;
		s->of_cell[i] = &columns[c];
	}
	for (int c = 0; c < COLUMNS; c++)
		if (columns[c].needed && !s->has[c])
			return csv_wrong(s->csv, "the first line must name the columns, title, "
						 "room, start and end among them");
	return true;
}

/* "A; B\; C": the next part, its backslashes gone; NULL after the last. Moves *rest. */
static char *part_next(struct arena *arena, const char **rest, const char *marks)
{
	const char *at = *rest;
	char *part, *to;

	if (at == NULL)
		return NULL;
	part = to = arena_alloc(arena, strlen(at) + 1);
	for (; *at != 0 && strchr(marks, *at) == NULL; at++) {
		if (*at == '\\' && at[1] != 0)
			at++;
		*to++ = *at;
	}
	*to = 0;
	*rest = (*at != 0) ? at + 1 : NULL;
	return csv_trim(part);
}

/* Names with the guids beside them, when there are as many. */
static json_t *persons_of(struct sheet *s, const char *names, const char *guids)
{
	json_t *persons = json_array(), *one;
	const char *rest = (*names != 0) ? names : NULL, *beside = (*guids != 0) ? guids : NULL;
	char *name, *guid;

	while ((name = part_next(s->f.arena, &rest, ";")) != NULL) {
		if (*name == 0)
			continue;
		guid = part_next(s->f.arena, &beside, ";");
		one = json_pack("{s:s}", "name", name);
		if (guid != NULL && guid_read(s->f.arena, guid) != NULL)
			json_object_set_new(one, "guid", json_string(guid));
		json_array_append_new(persons, one);
	}
	return persons;
}

/* One of the event's own people by name, so that talks need no guids. */
static json_t *known_person(const json_t *persons, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)persons, i,
			   one) if (strcmp(str_of(one, "name"), name) == 0) return json_incref(one);
	return json_pack("{s:s}", "name", name);
}

/* One line a talk: "title | name; name". */
static json_t *talks_of(struct sheet *s, const char *text, const json_t *persons)
{
	json_t *talks = json_array();
	const char *rest = text;
	char *title, *name;

	while (rest != NULL && *rest != 0) {
		size_t n = strcspn(rest, "\r\n");
		const char *line = arena_strndup(s->f.arena, rest, n), *names = line;
		json_t *speakers = json_array();

		rest += n + strspn(rest + n, "\r\n");
		title = part_next(s->f.arena, &names, "|");
		while ((name = part_next(s->f.arena, &names, ";")) != NULL)
			if (*name != 0)
				json_array_append_new(speakers, known_person(persons, name));
		if (title != NULL && *title != 0)
			json_array_append_new(
			    talks, json_pack("{s:s, s:O}", "title", title, "persons", speakers));
		json_decref(speakers);
	}
	return talks;
}

/* The record as the event frab JSON would have. */
static json_t *row_of(struct sheet *s)
{
	json_t *row = json_object(), *list;

	json_object_set_new(row, "@line", json_integer(csv_line(s->csv)));
	for (int i = 0; i < csv_count(s->csv); i++) {
		const struct column *c = s->of_cell[i];

		if (c != NULL)
			json_object_set_new(row, c->member,
					    json_string(csv_plain(csv_trim(csv_cell(s->csv, i)))));
	}
	list = persons_of(s, str_of(row, "@speakers"), str_of(row, "@guids"));
	json_object_set_new(row, "persons", list);
	if (*str_of(row, "@talks") != 0)
		json_object_set_new(row, "talks", talks_of(s, str_of(row, "@talks"), list));
	return row;
}

/* A session may come again, in another row; NULL or why this one may not. */
static const char *name_row(struct sheet *s, json_t *row, json_t *event)
{
	struct frab *f = &s->f;
	const char *given = str_of(row, "@slot"), *why = NULL, *held, *place, *guid;
	const char *slot = guid_read(f->arena, given);
	const char *title = frab_text(f, row, "title", INT32_MAX, false, &why);

	if (title == NULL || *title == 0)
		return (title == NULL) ? why : "title is missing";

	if (*given != 0 && slot == NULL)
		return arena_printf(f->arena, "slot %.60s is not a UUID", given);
	if (*str_of(row, "guid") == 0 && *title != 0) {
		json_object_set_new(row, "guid",
				    json_string(name_guid(f->arena, "csv/session/%s", title)));
		f->guids++;
	}
	guid = guid_read(f->arena, str_of(row, "guid"));
	if (guid == NULL)
		return NULL; /* frab_event says what is wrong */
	place = (slot != NULL) ? slot
			       : arena_printf(f->arena, "%s/%s/%s", guid, str_of(row, "@room"),
					      str_of(row, "date"));
	if (json_object_get(f->slot_seen, place) != NULL)
		return (slot != NULL)
			   ? arena_printf(f->arena, "slot %s is that of another row", slot)
			   : "the same session in the same room at the same time as another row";
	held = json_string_value(json_object_get(f->guid_seen, guid));
	if (held != NULL && strcmp(held, title) != 0)
		return arena_printf(f->arena, "guid %s is that of another session, %s", guid, held);
	json_object_set_new(f->slot_seen, place, json_true());
	if (slot != NULL)
		json_object_set_new(event, "slot", json_string(slot));
	if (held == NULL)
		return NULL;
	json_object_set_new(event, "of", json_string(guid));
	json_object_del(row, "id");
	json_object_set_new(
	    row, "guid",
	    json_string((slot != NULL) ? slot : name_guid(f->arena, "csv/slot/%s", place)));
	return NULL;
}

static void refuse(struct frab *f, const char *guid, const char *slot, const char *why)
{
	frab_report(f, "refused", "%s", why);
	/* What we could not read stays as it is held. */
	if ((guid = guid_read(f->arena, guid)) != NULL)
		json_array_append_new(f->kept, json_string(guid));
	if ((slot = guid_read(f->arena, slot)) != NULL)
		json_array_append_new(f->kept, json_string(slot));
}

static void take_row(struct sheet *s, json_t *row)
{
	struct frab *f = &s->f;
	json_t *event = json_object();
	json_t *place = json_pack("{s:O}", "name", json_object_get(row, "@room"));
	const char *guid = arena_strdup(f->arena, str_of(row, "guid"));
	const char *slot = arena_strdup(f->arena, str_of(row, "@slot"));
	const char *why, *room;

	f->line = csv_line(s->csv);
	f->where = "";
	f->row = arena_printf(f->arena, "%.120s", str_of(row, "title"));
	why = name_row(s, row, event);
	room = (why == NULL) ? frab_room(f, place, &why) : NULL;
	for (int c = 0; c < COLUMNS; c++)
		if (columns[c].member[0] == '@')
			json_object_del(row, columns[c].member);
	if (room != NULL)
		why = frab_event(f, row, room, event);
	if (why != NULL)
		refuse(f, guid, slot, why);
	for (int c = 0; c < COLUMNS; c++)
		if (columns[c].as != NULL && !s->has[c])
			json_object_del(event, columns[c].as);
	json_object_del(event, "extra");
	json_object_del(event, "day");
	json_decref(place);
	json_decref(event);
	f->where = f->row = NULL;
	f->line = 0;
}

static bool read_rows(struct sheet *s)
{
	int width, rows = 0;

	if (!read_header(s))
		return false;
	width = csv_count(s->csv);
	while (csv_next(s->csv)) {
		json_t *row;

		if (csv_count(s->csv) == 1 && *csv_trim(csv_cell(s->csv, 0)) == 0)
			continue;
		if (csv_count(s->csv) != width)
			return csv_wrong(s->csv, "not as many fields as the first line has");
		row = row_of(s);
		take_row(s, row);
		json_decref(row);
		rows++;
	}
	if (csv_why(s->csv) != NULL)
		return false;
	return rows > 0 || csv_wrong(s->csv, "there are no rows");
}

/* People without guid are found by name where they are known. */
static void mark_names(struct frab *f)
{
	json_t *one;
	size_t i;

	json_array_foreach(f->speakers, i, one)
	{
		if (strcmp(str_of(one, "guid"),
			   name_guid(f->arena, "csv/person/name/%s", str_of(one, "name"))) == 0)
			json_object_set_new(one, "by_name", json_true());
		json_object_del(one, "extra");
	}
}

json_t *csv_document(struct arena *arena, const char *bytes, size_t n, const char *zone,
		     const char **ret_why)
{
	struct sheet s = {0};
	json_t *about = json_object();
	bool good;

	s.csv = csv_open(arena, bytes, n, CELL_MAX, ret_why);
	if (s.csv == NULL) {
		json_decref(about);
		return NULL;
	}
	frab_begin(&s.f, arena);
	s.f.acronym = "csv";
	s.f.wall_ok = true;
	if (zone != NULL && *zone != 0)
		json_object_set_new(about, "zone", json_string(zone));
	json_object_set_new(s.f.doc, "conference", about);
	json_object_set_new(s.f.doc, "sparse", json_true());
	good = read_rows(&s);
	if (good) {
		if (s.f.guids > 0)
			frab_report(&s.f, "repaired",
				    "%d rows without guid got one made of their title", s.f.guids);
		s.f.guids = s.f.people = 0;
		frab_settle(&s.f);
		mark_names(&s.f);
	} else {
		*ret_why = csv_why(s.csv);
		json_decref(s.f.doc);
	}
	frab_end(&s.f);
	csv_close(s.csv);
	return good ? s.f.doc : NULL;
}
