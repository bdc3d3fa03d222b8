/* services/schedule: the draft: slots, sessions with their talks, rooms, tracks and speakers, as
 * two organisers edit them at once. */
#include "services/core/json.h"
#include "services/db/db.h"
#include "services/schedule/methods.h"
#include "services/schedule/schedule.h"

struct slot_params {
	const char *slot, *session, *room, *start, *end, *anchor, *min_s, *overlap_ok;
	const char *expect_version;
};

struct swap_params {
	const char *first, *second, *expect_first, *expect_second;
};

struct session_params {
	const char *session, *title, *subtitle, *abstract, *description, *language, *kind, *track,
	    *talks, *expect_version;
};

struct place_params {
	const char *id, *name, *capacity, *online_capacity, *color, *ord, *expect_version;
};

struct speaker_params {
	const char *speaker, *name, *biography, *person, *expect_version;
};

enum {
	TEXT_MAX = 12000, /* a message holds 16 KiB */
	ORD_MAX = 100000,
	SEATS_MAX = 10 * 1000 * 1000,
	TALKS_MAX = 200,
	MIN_S_MAX = 24 * 60 * 60
};

enum {
	NUMBER = FIELD_AS_TEXT,
	MAYBE = FIELD_OPTIONAL,
	MAYBE_TEXT = FIELD_OPTIONAL | FIELD_AS_TEXT
};

#define AT(type, member) offsetof(struct type, member)
#define EXPECT(type, flags)                                                                        \
	{                                                                                          \
		"expect_version", FIELD_INT, AT(type, expect_version), flags, INT32_MAX, 0, NULL   \
	}
#define SLOT_TIMING                                                                                \
	{"anchor", FIELD_BOOL, AT(slot_params, anchor), MAYBE_TEXT, 0, 0, NULL},                   \
	    {"min_s", FIELD_INT, AT(slot_params, min_s), MAYBE_TEXT, MIN_S_MAX, 0, NULL},          \
	{                                                                                          \
		"overlap_ok", FIELD_BOOL, AT(slot_params, overlap_ok), MAYBE_TEXT, 0, 0, NULL      \
	}

static const struct field create_fields[] = {
    {"session", FIELD_UUID, AT(slot_params, session), 0, 0, 0, NULL},
    {"room", FIELD_UUID, AT(slot_params, room), 0, 0, 0, NULL},
    {"start", FIELD_WHEN, AT(slot_params, start), 0, 0, 0, NULL},
    {"end", FIELD_WHEN, AT(slot_params, end), 0, 0, 0, NULL},
    SLOT_TIMING,
    {0}};

static const struct field move_fields[] = {
    {"slot", FIELD_UUID, AT(slot_params, slot), 0, 0, 0, NULL},
    {"room", FIELD_UUID, AT(slot_params, room), MAYBE, 0, 0, NULL},
    {"start", FIELD_WHEN, AT(slot_params, start), MAYBE, 0, 0, NULL},
    {"end", FIELD_WHEN, AT(slot_params, end), MAYBE, 0, 0, NULL},
    SLOT_TIMING,
    EXPECT(slot_params, NUMBER),
    {0}};

static const struct field slot_fields[] = {
    {"slot", FIELD_UUID, AT(slot_params, slot), 0, 0, 0, NULL}, EXPECT(slot_params, NUMBER), {0}};

static const struct field swap_fields[] = {
    {"first", FIELD_UUID, AT(swap_params, first), 0, 0, 0, NULL},
    {"second", FIELD_UUID, AT(swap_params, second), 0, 0, 0, NULL},
    {"expect_first", FIELD_INT, AT(swap_params, expect_first), NUMBER, INT32_MAX, 0, NULL},
    {"expect_second", FIELD_INT, AT(swap_params, expect_second), NUMBER, INT32_MAX, 0, NULL},
    {0}};

static const struct field session_fields[] = {
    {"session", FIELD_UUID, AT(session_params, session), 0, 0, 0, NULL},
    {"title", FIELD_TEXT, AT(session_params, title), 0, 500, 1, NULL},
    {"subtitle", FIELD_TEXT, AT(session_params, subtitle), MAYBE, 500, 0, NULL},
    {"abstract", FIELD_LINES, AT(session_params, abstract), MAYBE, TEXT_MAX, 0, NULL},
    {"description", FIELD_LINES, AT(session_params, description), MAYBE, TEXT_MAX, 0, NULL},
    {"language", FIELD_TEXT, AT(session_params, language), MAYBE, 35, 0, NULL},
    {"kind", FIELD_TEXT, AT(session_params, kind), MAYBE, 60, 0, NULL},
    {"track", FIELD_RAW, AT(session_params, track), MAYBE, 36, 0, NULL},
    {"talks", FIELD_JSON, AT(session_params, talks), MAYBE, 16384, 0, NULL},
    EXPECT(session_params, MAYBE_TEXT),
    {0}};

static const struct field session_remove_fields[] = {
    {"session", FIELD_UUID, AT(session_params, session), 0, 0, 0, NULL},
    EXPECT(session_params, NUMBER),
    {0}};

static const struct field room_fields[] = {
    {"room", FIELD_UUID, AT(place_params, id), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(place_params, name), 0, 200, 1, NULL},
    {"capacity", FIELD_INT, AT(place_params, capacity), MAYBE_TEXT, SEATS_MAX, 0, NULL},
    {"online_capacity", FIELD_INT, AT(place_params, online_capacity), MAYBE_TEXT, SEATS_MAX, 0,
     NULL},
    {"ord", FIELD_INT, AT(place_params, ord), MAYBE_TEXT, ORD_MAX, 0, NULL},
    EXPECT(place_params, MAYBE_TEXT),
    {0}};

static const struct field room_remove_fields[] = {
    {"room", FIELD_UUID, AT(place_params, id), 0, 0, 0, NULL}, EXPECT(place_params, NUMBER), {0}};

static const struct field track_fields[] = {
    {"track", FIELD_UUID, AT(place_params, id), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(place_params, name), 0, 200, 1, NULL},
    {"color", FIELD_RAW, AT(place_params, color), MAYBE, 7, 0, NULL},
    {"ord", FIELD_INT, AT(place_params, ord), MAYBE_TEXT, ORD_MAX, 0, NULL},
    EXPECT(place_params, MAYBE_TEXT),
    {0}};

static const struct field track_remove_fields[] = {
    {"track", FIELD_UUID, AT(place_params, id), 0, 0, 0, NULL}, EXPECT(place_params, NUMBER), {0}};

static const struct field speaker_fields[] = {
    {"speaker", FIELD_UUID, AT(speaker_params, speaker), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(speaker_params, name), 0, 300, 1, NULL},
    {"biography", FIELD_LINES, AT(speaker_params, biography), MAYBE, TEXT_MAX, 0, NULL},
    {"person", FIELD_RAW, AT(speaker_params, person), MAYBE, 36, 0, NULL},
    EXPECT(speaker_params, MAYBE_TEXT),
    {0}};

static fault draft_get(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_DRAFT_GET, NULL, 0);
}

static fault slot_create(struct request *rq)
{
	const struct slot_params *p = rq->params;

	return db_write(
	    rq, LANE_MODERATE, SQL_SLOT_CREATE,
	    PARAMS(p->session, p->room, p->start, p->end, p->anchor, p->min_s, p->overlap_ok));
}

static fault slot_move(struct request *rq)
{
	const struct slot_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_MOVE,
			PARAMS(p->slot, p->room, p->start, p->end, p->anchor, p->min_s,
			       p->overlap_ok, p->expect_version));
}

static fault slot_cancel(struct request *rq)
{
	const struct slot_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_CANCEL, PARAMS(p->slot, p->expect_version));
}

static fault slot_restore(struct request *rq)
{
	const struct slot_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_RESTORE, PARAMS(p->slot, p->expect_version));
}

static fault slot_swap(struct request *rq)
{
	const struct swap_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_SWAP,
			PARAMS(p->first, p->second, p->expect_first, p->expect_second));
}

struct talk_row {
	const char *id, *title, *speakers;
};

static const struct field talk_fields[] = {
    {"id", FIELD_UUID, AT(talk_row, id), MAYBE, 0, 0, NULL},
    {"title", FIELD_TEXT, AT(talk_row, title), 0, 500, 1, NULL},
    {"speakers", FIELD_JSON, AT(talk_row, speakers), MAYBE, 8192, 0, NULL},
    {0}};

/* Ids of speakers, each once or more, and nothing else. */
static fault speakers_read(struct request *rq, const json_t *list)
{
	static const struct field id_field[] = {{"id", FIELD_UUID, 0, 0, 0, 0, NULL}, {0}};
	const char *id, *member;
	json_t *one;
	size_t i;

	if (list != NULL && !json_is_null(list) && !json_is_array(list))
		return &fault_bad_request;
	json_array_foreach((json_t *)list, i, one)
	{
		json_t *row = json_pack("{s:O}", "id", one);
		fault bad = fields_decode(rq->arena, id_field, row, &id, &member);

		json_decref(row);
		if (bad != OK)
			return bad;
	}
	return OK;
}

static fault talk_read(struct request *rq, const json_t *row, struct buffer *b)
{
	struct talk_row talk = {0};
	const char *member;
	fault bad = json_is_object(row) ? fields_decode(rq->arena, talk_fields, row, &talk, &member)
					: &fault_bad_request;

	if (bad == OK)
		bad = speakers_read(rq, json_object_get(row, "speakers"));
	if (bad != OK)
		return bad;
	buffer_text(b, b->size > 1 ? ",{" : "{");
	if (talk.id != NULL)
		buffer_printf(b, "\"id\":\"%s\",", talk.id);
	buffer_text(b, "\"title\":");
	buffer_json(b, talk.title);
	buffer_printf(b, ",\"speakers\":%s}", talk.speakers != NULL ? talk.speakers : "[]");
	return OK;
}

/* The talks as the database may keep them: titles cleaned like any other text. */
static fault talks_read(struct request *rq, const char *text, const char **ret_talks)
{
	json_t *talks = json_loads(text, JSON_DECODE_ANY, NULL), *one;
	struct buffer b = {0};
	fault bad = OK;
	size_t i;

	if (!json_is_array(talks) || json_array_size(talks) > TALKS_MAX)
		bad = &fault_bad_request;
	buffer_text(&b, "[");
	if (bad == OK)
		json_array_foreach(talks, i, one)
		{
			bad = talk_read(rq, one, &b);
			if (bad != OK)
				break;
		}
	buffer_text(&b, "]");
	if (bad == OK)
		*ret_talks = arena_strdup(rq->arena, b.bytes);
	else
		rq->fault_field = "talks";
	buffer_finish(&b);
	json_decref(talks);
	return bad;
}

static fault session_save(struct request *rq)
{
	const struct session_params *p = rq->params;
	const char *talks = NULL;
	fault bad = p->talks != NULL ? talks_read(rq, p->talks, &talks) : OK;

	if (bad != OK)
		return bad;
	return db_write(rq, LANE_MODERATE, SQL_SESSION_SAVE,
			PARAMS(p->session, p->title, p->subtitle, p->abstract, p->description,
			       p->language, p->kind, p->track, talks, p->expect_version));
}

static fault session_remove(struct request *rq)
{
	const struct session_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SESSION_REMOVE,
			PARAMS(p->session, p->expect_version));
}

static fault room_save(struct request *rq)
{
	const struct place_params *p = rq->params;

	return db_write(
	    rq, LANE_MODERATE, SQL_ROOM_SAVE,
	    PARAMS(p->id, p->name, p->capacity, p->online_capacity, p->ord, p->expect_version));
}

static fault room_remove(struct request *rq)
{
	const struct place_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_ROOM_REMOVE, PARAMS(p->id, p->expect_version));
}

static fault track_save(struct request *rq)
{
	const struct place_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TRACK_SAVE,
			PARAMS(p->id, p->name, p->color, p->ord, p->expect_version));
}

static fault track_remove(struct request *rq)
{
	const struct place_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TRACK_REMOVE, PARAMS(p->id, p->expect_version));
}

static fault speaker_save(struct request *rq)
{
	const struct speaker_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SPEAKER_SAVE,
			PARAMS(p->speaker, p->name, p->biography, p->person, p->expect_version));
}

#define EDIT(name, fields, type, run, summary)                                                     \
	{                                                                                          \
		name, ROLE_ORGANISER, METHOD_KEY, fields, sizeof(struct type), run, RATE_WRITE,    \
		    summary                                                                        \
	}
static const struct method methods[] = {
    {"draft.get", ROLE_ORGANISER, 0, NULL, 0, draft_get, RATE_READ,
     "All of the draft: slots, sessions, rooms, tracks, speakers."},
    EDIT("slot.create", create_fields, slot_params, slot_create, "A new slot in the draft."),
    EDIT("slot.move", move_fields, slot_params, slot_move,
	 "Changes a slot of the draft: room, time, anchor, how far it may shrink."),
    EDIT("slot.cancel", slot_fields, slot_params, slot_cancel, "Cancels a slot of the draft."),
    EDIT("slot.restore", slot_fields, slot_params, slot_restore,
	 "Takes a cancelled slot back into the draft."),
    EDIT("slot.swap", swap_fields, swap_params, slot_swap, "Two slots change places."),
    EDIT("session.save", session_fields, session_params, session_save,
	 "A session of the draft with its talks, new or changed."),
    EDIT("session.remove", session_remove_fields, session_params, session_remove,
	 "Removes a session that nobody has seen."),
    EDIT("room.save", room_fields, place_params, room_save, "A room, new or changed."),
    EDIT("room.remove", room_remove_fields, place_params, room_remove,
	 "Removes a room that nothing is or was in."),
    EDIT("track.save", track_fields, place_params, track_save, "A track, new or changed."),
    EDIT("track.remove", track_remove_fields, place_params, track_remove, "Removes a track."),
    EDIT("speaker.save", speaker_fields, speaker_params, speaker_save,
	 "A speaker, new or changed."),
    {0},
};

static const struct event_type events[] = {
    {"slot.created", "draft", "A new slot of the draft."},
    {"session.saved", "draft", "A session of the draft with its talks."},
    {"session.removed", "draft", "A session left the draft, with its slots: {id}."},
    {"room.saved", "draft", "A room of the draft."},
    {"room.removed", "draft", "A room left the draft: {id}."},
    {"track.saved", "draft", "A track of the draft."},
    {"track.removed", "draft", "A track left the draft; its sessions have none now: {id}."},
    {"speaker.saved", "draft", "A speaker of the draft."},
    {"release.stopped", "draft", "A release that nobody will be told of: {release}."},
    {"draft.imported", "draft", "A file was read into the draft: counts."},
    {0},
};

static const struct channel_kind channels[] = {
    {"draft", NULL, ROLE_ORGANISER, SCOPE_NONE, SQL_DRAFT_CHANNEL, false, NULL, SQL_NONE},
    {0},
};

const struct fault slot_state = {"slot.state", FAULT_STATE,
				 "This slot is cancelled or not any more, or has begun or ended."};
static const struct fault session_used = {
    "session.used", FAULT_STATE,
    "It is in the released programme, or people have asked questions."};
static const struct fault room_used = {"room.used", FAULT_STATE,
				       "Something is in this room, or was in a release."};
static const struct fault name_taken = {"name.taken", FAULT_STATE,
					"There is one of that name already."};
static const struct fault time_ambiguous = {
    "time.ambiguous", FAULT_CALLER,
    "Clocks show this time twice that night. Say which one is meant."};
static const struct fault time_missing = {
    "time.missing", FAULT_CALLER, "Clocks never show this time: they are put forward over it."};

static const struct db_fault constraints[] = {
    {"slot_times", &fault_bad_request},
    {"slot_length", &fault_bad_request},
    {"slot_anchor_firm", &fault_bad_request},
    {"slot_min_s", &fault_bad_request},
    {"session_key", &fault_conflict},
    {"session_number_once", &fault_conflict},
    {"room_key", &fault_conflict},
    {"track_key", &fault_conflict},
    {"speaker_key", &fault_conflict},
    {"track_color", &fault_bad_request},
    {"slot_room", &room_used},
    {"published_room", &room_used},
    {"question_stage_room", &room_used},
    {0},
};

static fault const faults[] = {&slot_state,	&session_used, &room_used, &name_taken,
			       &time_ambiguous, &time_missing, NULL};

const struct service draft_service = {
    .name = "draft",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};
