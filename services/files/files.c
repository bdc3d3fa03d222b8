/* services/files: the tables of the service. */
#include "services/files/files.h"
#include "services/files/parts.h"

#include <stddef.h>

#define AT(type, member) offsetof(struct type, member)
#define SIZE(type)	 sizeof(struct type)
#define KINDS		 "slides|poster"

/* Its limits by kind are the table's; this is what a number may be at all. */
static const struct field create_fields[] = {
    {"file", FIELD_UUID, AT(create_params, file), 0, 0, 0, NULL},
    {"kind", FIELD_CHOICE, AT(create_params, kind), 0, 0, 0, KINDS},
    {"subject", FIELD_UUID, AT(create_params, subject), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(create_params, name), 0, 200, 1, NULL},
    {"size", FIELD_INT, AT(create_params, size), 0, INT64_MAX, 1, NULL},
    {0}};

static const struct field file_fields[] = {
    {"file", FIELD_UUID, AT(file_params, file), 0, 0, 0, NULL}, {0}};

static const struct field write_fields[] = {
    {"file", FIELD_UUID, AT(writing, file), 0, 0, 0, NULL},
    {"offset", FIELD_INT, AT(writing, offset), 0, INT64_MAX, 0, NULL},
    {0}};

static const struct field share_fields[] = {
    {"file", FIELD_UUID, AT(file_params, file), 0, 0, 0, NULL},
    {"value", FIELD_BOOL, AT(file_params, value), 0, 0, 0, NULL},
    {0}};

static const struct field list_fields[] = {
    {"kind", FIELD_CHOICE, AT(list_params, kind), 0, 0, 0, KINDS},
    {"subject", FIELD_UUID, AT(list_params, subject), 0, 0, 0, NULL},
    {0}};

static fault file_get(struct request *rq)
{
	const struct file_params *p = rq->params;

	if (!store_known())
		return &file_unavailable;
	return db_read(rq, LANE_PUBLIC, SQL_FILES_GET, PARAMS(p->file));
}

static fault file_list(struct request *rq)
{
	const struct list_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_FILES_LIST, PARAMS(p->kind, p->subject));
}

static fault file_mine(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_FILES_MINE, NULL, 0);
}

static fault file_remove(struct request *rq)
{
	const struct file_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_FILES_REMOVE, PARAMS(p->file));
}

static fault file_share(struct request *rq)
{
	const struct file_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_FILES_SHARE, PARAMS(p->file, p_bool(p->value)));
}

static const struct method methods[] = {
    {"file.create", ROLE_SIGNED_IN, METHOD_FILE | METHOD_OWN_ID, create_fields, SIZE(create_params),
     file_create, RATE_WRITE,
     "Announces an upload (POST /files): its size, name and what it is for."},
    {"file.head", ROLE_SIGNED_IN, METHOD_FILE, file_fields, SIZE(file_params), file_head, RATE_READ,
     "How far an upload of one's own is (HEAD /files/<id>)."},
    {"file.write", ROLE_SIGNED_IN, METHOD_FILE | METHOD_OWN_ID, write_fields, SIZE(writing),
     file_write, RATE_SCAN, "The next piece of an upload (PATCH /files/<id>)."},
    {"file.get", ROLE_SIGNED_IN | ROLE_CHAIR, METHOD_FILE, file_fields, SIZE(file_params), file_get,
     RATE_READ, "A file, for whoever may have it (GET /files/<id>)."},
    {"file.list", ROLE_SIGNED_IN | ROLE_CHAIR, 0, list_fields, SIZE(list_params), file_list,
     RATE_READ, "The files for a talk or a poster, of those the caller may have."},
    {"file.mine", ROLE_SIGNED_IN, 0, NULL, 0, file_mine, RATE_READ,
     "What one is asked to hand in, and what is there already."},
    {"file.remove", ROLE_SIGNED_IN, METHOD_KEY, file_fields, SIZE(file_params), file_remove,
     RATE_WRITE, "A file goes, ready or not."},
    {"file.share", ROLE_SIGNED_IN, METHOD_KEY, share_fields, SIZE(file_params), file_share,
     RATE_WRITE, "Slides are for whoever takes part, or no longer."},
    {0}};

static const struct event_type events[] = {
    {"file.changed", "person", "A file of one's own is ready, shared or gone."}, {0}};

const struct fault file_too_big = {"file.too_big", FAULT_CALLER,
				   "That file is too big: 100 MB for slides, 20 MB for a poster."};
const struct fault file_overflow = {"file.overflow", FAULT_CALLER,
				    "These are more bytes than were announced."};
const struct fault file_type = {
    "file.type", FAULT_CALLER,
    "That is not a file we take: PDF, for slides also PowerPoint (.pptx), OpenDocument (.odp) or "
    "Keynote (.key)."};
const struct fault file_locked = {"file.locked", FAULT_BUSY,
				  "A piece of this file is being written. Try again in a moment."};
const struct fault file_no_space = {"file.no_space", FAULT_BUSY,
				    "There is no room for this file. What arrived so far is kept."};
const struct fault file_disk = {"file.disk", FAULT_BUSY,
				"The file could not be kept. What arrived before is not lost."};
const struct fault file_gone = {"file.gone", FAULT_STATE, "This upload was refused. Begin anew."};
const struct fault file_unavailable = {"file.unavailable", FAULT_BUSY, "Files are not taken here."};
static const struct fault file_too_many = {
    "file.too_many", FAULT_STATE, "That are enough files for this one, or enough begun at once."};
static const struct fault file_not_wanted = {"file.not_wanted", FAULT_STATE,
					     "No poster is expected for this abstract."};

static fault const faults[] = {&file_too_big,  &file_overflow,	 &file_type, &file_locked,
			       &file_no_space, &file_disk,	 &file_gone, &file_unavailable,
			       &file_too_many, &file_not_wanted, NULL};

static const struct db_fault constraints[] = {
    {"file_size", &file_too_big}, {"file_type_kind", &file_type}, {0}};

const struct service files_service = {
    .name = "files",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};
