/* services/schedule: our document → a spreadsheet, one row a slot, that csv_read.c takes back. */
#include "services/schedule/file.h"
#include "services/core/csv.h"

#include <string.h>

/* With a backslash before what would end the part. */
static void part_add(struct buffer *b, const char *text, const char *marks)
{
	for (; *text != 0; text++) {
		if (*text == '\\' || strchr(marks, *text) != NULL)
			buffer_text(b, "\\");
		buffer_add(b, text, 1);
	}
}

static void names_add(struct buffer *b, const json_t *guids, const json_t *speakers)
{
	json_t *guid;
	size_t i;

	json_array_foreach((json_t *)guids, i, guid)
	{
		buffer_text(b, (i > 0) ? "; " : "");
		part_add(b, str_of(json_object_get(speakers, json_string_value(guid)), "name"),
			 ";");
	}
}

static void guids_add(struct buffer *b, const json_t *guids)
{
	json_t *guid;
	size_t i;

	json_array_foreach((json_t *)guids, i, guid)
	{
		buffer_text(b, (i > 0) ? ";" : "");
		buffer_text(b, json_string_value(guid));
	}
}

static void talks_add(struct buffer *b, const json_t *talks)
{
	json_t *talk, *speaker;
	size_t i, j;

	json_array_foreach((json_t *)talks, i, talk)
	{
		buffer_text(b, (i > 0) ? "\n" : "");
		part_add(b, str_of(talk, "title"), "|");
		json_array_foreach(json_object_get(talk, "speakers"), j, speaker)
		{
			buffer_text(b, (j > 0) ? "; " : " | ");
			part_add(b, str_of(speaker, "name"), ";");
		}
	}
}

static void cell(struct buffer *b, struct buffer *scratch)
{
	buffer_text(b, ",");
	if (scratch->size > 0)
		csv_add(b, scratch->bytes);
	scratch->size = 0;
}

static void texts(struct buffer *b, const json_t *event, const char *const *names)
{
	for (; *names != NULL; names++) {
		buffer_text(b, ",");
		csv_add(b, str_of(event, *names));
	}
}

static void row(struct buffer *b, const json_t *event, const json_t *speakers)
{
	static const char *const first[] = {"title", "subtitle", "track", "kind", "language",
					    "room",  "start",	 "end",	  NULL},
				 *const last[] = {"abstract", "description", "url", NULL};
	const json_t *guids = json_object_get(event, "speakers");
	const char *of = str_of(event, "of");
	struct buffer scratch = {0};

	buffer_printf(b, "%s,%s,", str_of(event, "slot"), (*of != 0) ? of : str_of(event, "guid"));
	if (*of == 0 || strcmp(of, str_of(event, "guid")) == 0)
		buffer_printf(b, "%" JSON_INTEGER_FORMAT,
			      json_integer_value(json_object_get(event, "number")));
	texts(b, event, first);
	names_add(&scratch, guids, speakers);
	cell(b, &scratch);
	guids_add(&scratch, guids);
	cell(b, &scratch);
	talks_add(&scratch, json_object_get(event, "talks"));
	cell(b, &scratch);
	texts(b, event, last);
	buffer_text(b, "\r\n");
	buffer_finish(&scratch);
}

/* The byte order mark is what makes a spreadsheet read it as UTF-8. */
void csv_write(const json_t *doc, struct buffer *b)
{
	json_t *speakers = frab_by_guid(doc), *event;
	size_t i;

	buffer_text(
	    b, "\xef\xbb\xbfslot,guid,number,title,subtitle,track,kind,language,room,start,end,"
	       "speakers,speaker_guids,talks,abstract,description,url\r\n");
	json_array_foreach(json_object_get(doc, "events"), i, event) row(b, event, speakers);
	json_decref(speakers);
}
