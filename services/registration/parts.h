/* services/registration: what its files share. Inside services/registration only. */
#ifndef REGISTRATION_PARTS_H
#define REGISTRATION_PARTS_H

#include "services/core/service.h"
#include "services/core/ticket.h"
#include "services/core/token.h"
#include "services/db/db.h"

struct own_params {
	const char *invitation, *mode, *text, *answers, *person, *name, *email;
};

struct staff_params {
	const char *email, *name, *what, *mode, *expires, *session, *language, *invitation, *person,
	    *verdict, *reason;
};

struct settings_params {
	const char *open, *seats, *seats_online, *beds, *invite_days, *offer_hours, *questions,
	    *covers, *expect_version;
};

struct person_params {
	const char *person, *into, *name, *email, *organisation, *category, *language,
	    *expect_version, *text, *state, *mode, *skip, *what, *format;
};

/* A new code: what the database keeps of it. Whether it is needed the statement decides. */
struct code_parts {
	const char *lookup, *row, *sealed;
};
struct code_parts code_parts_new(struct request *rq);

request_fn registration_mine, registration_public, registration_open, registration_answer,
    registration_cancel, registration_substitute, waiting_join, waiting_leave, invitation_accept,
    invitation_decline;
request_fn registration_settings, registration_save, registration_decide, invitation_send,
    invitation_withdraw;
request_fn person_list, person_show, person_save, person_merge, person_resend, person_export;

#endif
