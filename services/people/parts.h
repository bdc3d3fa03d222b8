/* services/people: what its files share: parameters, handlers and the ends of handlers. Inside
 * services/people only. */
#ifndef PEOPLE_PARTS_H
#define PEOPLE_PARTS_H

#include "services/core/service.h"
#include "services/core/token.h"
#include "services/db/db.h"

struct slug_params {
	const char *slug; /* NULL or "": the default conference */
};

struct by_ticket_params {
	const char *ticket;
};

struct by_login_params {
	const char *login, *kind;
};

struct start_params {
	const char *slug, *email, *name, *language;
};

struct finish_params {
	const char *request, *code;
};

struct entry_params {
	const char *slug, *email, *entry_code;
};

struct desk_params {
	const char *slug, *code;
};

struct door_params {
	const char *token;
};

struct chair_code_params {
	const char *slug, *code;
};

struct device_params {
	const char *slug, *kind;
};

struct poll_params {
	const char *device_code;
};

struct issue_params {
	const char *person;
};

struct confirm_params {
	const char *user_code, *name, *list, *room, *profile, *pin;
};

struct station_params {
	const char *station;
};

struct kiosk_params {
	const char *name, *kind, *list, *room, *profile, *pin;
};

struct find_params {
	const char *text;
};

struct import_params {
	const char *rows; /* JSON */
	bool dry_run, partial, mail;
};

struct export_params {
	const char *format; /* NULL: json */
};

struct codes_params {
	const char *emails; /* JSON */
	int64_t limit;
};

struct conference_params {
	const char *slug, *title, *subtitle, *venue, *zone, *starts, *ends, *info;
	bool is_default;
};

struct clock_params {
	const char *at, *offset_seconds;
};

struct token_params {
	const char *role, *email, *name;
};

struct erase_params {
	const char *email, *conference, *by, *erasure, *listed; /* JSON */
	bool dry_run, force;
};

struct erase_again_params {
	const char *erasure, *at, *conference, *persons /* JSON */, *email, *by;
	bool dry_run;
};

extern const struct fault auth_code, conference_exists, conference_clock_back, erase_last_organiser,
    erase_on_stage, erase_published, erase_unlisted;

request_fn people_session_by_ticket, people_session_by_login, people_session_by_guest;
request_fn auth_door, auth_start, auth_finish, auth_entry, auth_desk, auth_ticket, auth_logout,
    login_issue;
request_fn auth_chair, auth_device, auth_device_poll, device_confirm, device_revoke, device_list,
    kiosk_create;
request_fn person_erase, person_erase_again, person_addresses;
request_fn people_find, people_get, people_import, people_export, people_codes;
request_fn conference_create, conference_list, conference_clock, conference_document, token_create;

/* YYYY-MM-DD, and there is such a day. */
bool people_date_ok(const char *s);
/* Of the first row: its fault (with retry_ms), or none when there is no row. */
fault people_row_fault(struct request *rq, const struct rows *rows, fault none);
/* Answers with the first row's reply; not_found without a row. For db_query. */
rows_fn people_replied;
/* A signed token for the first row's login, conference, subject and expires. */
const char *people_token(struct request *rq, const struct rows *rows, enum token_kind kind);
/* Codes of letters as people type them → upper case without blanks and hyphens; "" when longer than
 * any of ours. */
const char *people_letters(struct request *rq, const char *text);

#endif
