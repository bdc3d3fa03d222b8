/* services: the one file that names them all. */
#include "services/badge/badge.h"
#include "services/call/call.h"
#include "services/checkin/checkin.h"
#include "services/core/service.h"
#include "services/desk/desk.h"
#include "services/files/files.h"
#include "services/frontdesk/frontdesk.h"
#include "services/mail/mail.h"
#include "services/mic/mic.h"
#include "services/notices/notices.h"
#include "services/feeds/feeds.h"
#include "services/people/people.h"
#include "services/polls/polls.h"
#include "services/qa/qa.h"
#include "services/registration/registration.h"
#include "services/review/review.h"
#include "services/schedule/schedule.h"
#include "services/selection/selection.h"
#include "services/streams/streams.h"
#include "services/talks/talks.h"
#include "services/tickets/tickets.h"

#include <string.h>

const struct service *const services[] = {
    &people_service,	   &schedule_service,  &staff_service,
    &draft_service,	   &release_service,   &live_service,
    &talks_service,	   &qa_service,	       &checkin_service,
    &lists_service,	   &tickets_service,   &badge_service,
    &notices_service,	   &streams_service,   &feeds_service,
    &desk_service,	   &record_service,    &polls_service,
    &mic_service,	   &frontdesk_service, &call_service,
    &registration_service, &person_service,    &files_service,
    &posters_service,	   &selection_service, &review_service,
    &review_board_service, &mail_service,      NULL,
};

static const struct fault *const shared_faults[] = {
    &fault_bad_request, &fault_not_found, &fault_auth_required, &fault_auth_expired,
    &fault_denied,	&fault_rate,	  &fault_size,		&fault_conflict,
    &fault_key_reused,	&fault_busy,	  &fault_internal,
};

const struct method *method_find(const char *name)
{
	for (int i = 0; services[i] != NULL; i++)
		for (const struct method *m = services[i]->methods; m->name != NULL; m++)
			if (strcmp(m->name, name) == 0)
				return m;
	return NULL;
}

fault fault_by_code(const char *code)
{
	for (size_t i = 0; i < sizeof(shared_faults) / sizeof(shared_faults[0]); i++)
		if (strcmp(shared_faults[i]->code, code) == 0)
			return shared_faults[i];
	for (int i = 0; services[i] != NULL; i++)
		for (fault const *f = services[i]->faults; f != NULL && *f != NULL; f++)
			if (strcmp((*f)->code, code) == 0)
				return *f;
	return NULL;
}

fault fault_by_constraint(const char *constraint)
{
	for (int i = 0; services[i] != NULL; i++)
		for (const struct db_fault *d = services[i]->constraints;
		     d != NULL && d->constraint != NULL; d++)
			if (strcmp(d->constraint, constraint) == 0)
				return d->fault;
	return NULL;
}
