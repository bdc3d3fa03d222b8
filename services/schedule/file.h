/* services/schedule: schedule files between bytes and the one document shape that both formats are
 * read into and written from. */
#ifndef SCHEDULE_FILE_H
#define SCHEDULE_FILE_H

#include "services/core/arena.h"
#include "services/core/fault.h"
#include "services/core/json.h"
#include "services/core/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Frab XML as the tree frab JSON would be, each event with its "@line". NULL: *ret_why (in the
 * arena) says where and why. */
json_t *frab_xml_read(struct arena *arena, const char *bytes, size_t n, const char **ret_why);

/* A programme as a spreadsheet, one row a slot, into the document; its "sparse" says that what has
 * no column stays as it is. NULL as above. */
json_t *csv_document(struct arena *arena, const char *bytes, size_t n, const char *zone,
		     const char **ret_why);

/* A frab tree into the document. NULL as above. */
json_t *frab_document(struct arena *arena, const json_t *tree, const char *zone,
		      const char **ret_why);

enum { FRAB_NAME_MAX = 200 };

/* What the parts of frab_document share. */
struct frab {
	struct arena *arena;
	json_t *doc, *report, *rooms, *tracks, *speakers, *events, *kept; /* borrowed from doc */
	json_t *room_guid, *room_name, *track_name, *speaker_name;	  /* what has been seen */
	json_t *guid_seen, *number_seen, *slug_seen, *slot_seen;
	json_t *seen;	     /* owns those sets */
	const json_t *talks; /* schedule.plenum.events, or NULL; borrowed */
	const char *acronym; /* in its export form */
	const char *base_url;
	const char *where;	  /* of the row being read */
	int64_t line;		  /* of the row being read; 0: where is a path */
	const char *row;	  /* what a person calls it */
	int slugs, guids, people; /* how many were made up */
	int offsets;		  /* instants that are not UTC although the zone is */
	const char *offset_row;
	bool zone_utc;
	bool wall_ok; /* times may be the wall clock's: SQL knows the zone */
};

/* An empty document with its lists; frab_end frees what only the reading needed. */
void frab_begin(struct frab *f, struct arena *arena);
void frab_end(struct frab *f);
/* After the last event: which clash, which speak of no session. */
void frab_settle(struct frab *f);
/* Adds a room when it is new and returns its clean name; NULL: *ret_why. */
const char *frab_room(struct frab *f, const json_t *from, const char **ret_why);

void frab_report(struct frab *f, const char *action, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Clean text of a member; "" when absent or null. NULL: refused, *ret_why. */
const char *frab_text(struct frab *f, const json_t *from, const char *name, int64_t max, bool lines,
		      const char **ret_why);
/* An http address made absolute, or NULL. */
const char *frab_url(struct frab *f, const json_t *from, const char *name);
/* Adds a track when it is new and returns its clean name, "" for none; NULL: *ret_why. */
const char *frab_track(struct frab *f, const json_t *from, const char *member,
		       const char **ret_why);
/* Reads an event that stands under room into event and takes it into the document; NULL or why not.
 */
const char *frab_event(struct frab *f, const json_t *from, const char *room, json_t *event);
/* What our own exports say of a session held more than once: which slot this is, and of which
 * session. */
void frab_occurrence(struct frab *f, const json_t *from, json_t *event);
/* Adds speakers and talks to event; NULL or why not. */
const char *frab_people(struct frab *f, const json_t *from, json_t *event);
/* Members kept only to give them back. */
json_t *frab_extra(struct frab *f, const json_t *from);

/* The document that sql/queries/schedule/export.sql makes → a file, in b. */
void frab_xml_write(const json_t *doc, struct buffer *b);
void frab_json_write(const json_t *doc, struct buffer *b);
void csv_write(const json_t *doc, struct buffer *b);
/* Its events by local day and room, its speakers by guid: what both writers go by. The caller owns
 * them. */
json_t *frab_by_day(const json_t *doc);
json_t *frab_by_guid(const json_t *doc);

enum { UUID_TEXT_SIZE = 37 };

/* A UUID that is the same for the same name, everywhere (RFC 4122, version 5). */
const char *name_guid(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Lower case, or NULL when it is none. */
const char *guid_read(struct arena *arena, const char *text);
/* What both schemas accept: ^[a-z0-9_]{4,}$. */
const char *acronym_make(struct arena *arena, const char *text);
/* [a-z0-9]+(-[a-z0-9]+)*, at most 80 characters; "" when nothing is left. */
const char *slug_make(struct arena *arena, const char *text);
bool slug_ok(const char *slug);
/* "2021-05-02T09:00:00+02:00" → Unix seconds. *ret_offset: minutes east. */
bool instant_read(const char *text, int64_t *ret_at, int *ret_offset);
/* "2021-05-02T09:00" or "2021-05-02 09:00:00", of whatever zone → the seconds as if it were UTC. */
bool wall_read(struct arena *arena, const char *text, int64_t *ret_at);
/* HH:MM or HH:MM:SS → seconds; hours of any length. */
bool duration_read(const char *text, int64_t *ret_seconds);
const char *instant_utc(struct arena *arena, int64_t at);
/* The local date, minus the four hours a programme's day runs over midnight. */
const char *day_of(struct arena *arena, int64_t at, int offset);

/* Shorthands over jansson: "" when there is none. */
const char *str_of(const json_t *object, const char *name);

#endif
