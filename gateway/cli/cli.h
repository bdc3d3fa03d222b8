/* gateway/cli: what the commands of `plenum` share: the services run in this process, against the
 * configured database. */
#ifndef GATEWAY_CLI_H
#define GATEWAY_CLI_H

#include "gateway/config.h"
#include "services/core/fault.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct cli {
	struct config config;
	const char *into;    /* --into SLUG; NULL: the default conference */
	const char *as;	     /* a person's id: call as them; NULL: as the organiser */
	bool json;	     /* --json: results for machines on stdout */
	char conference[40]; /* its id, once a call has needed it */
	bool running;	     /* connected */
};

struct cli_result {
	char *text; /* the result's bytes; free with cli_result_finish */
	size_t size;
	json_t *json; /* the result read, when it is JSON */
	fault fault;  /* OK, or why it was refused */
	char *fault_field, *fault_current;
};

/*
 * Runs a method as the organiser, in the conference of --into. Keyed methods get a key. Returns 0,
 * or EXIT_REFUSED after filling fault. Nothing is printed.
 */
int cli_call(struct cli *cli, const char *method, const json_t *params, struct cli_result *ret);
/* The same for methods that belong to no conference (conference.create, conference.list). */
int cli_call_global(struct cli *cli, const char *method, const json_t *params,
		    struct cli_result *ret);
/* The same from the loop: run until *done. false: no conference, after filling ret. */
bool cli_conference(struct cli *cli, struct cli_result *ret);
void cli_wait(const bool *done);
void cli_result_finish(struct cli_result *result);

/* Says a refusal on stderr, or with --json as an object on stdout. Returns EXIT_REFUSED. */
int cli_refused(const struct cli *cli, const struct cli_result *result);
/* Prints the result as it is. Returns 0. */
int cli_print(const struct cli_result *result);

/* A whole file in malloc'd memory, NUL-terminated; "-" is standard input. NULL after a message on
 * stderr. */
char *cli_read_file(const char *path, size_t max, size_t *ret_size);

/* The value of --name among the arguments, taken out of them; NULL when absent. */
const char *cli_option(int *argc, char **argv, const char *name);
bool cli_flag(int *argc, char **argv, const char *name);

/* Each command: argc, argv without the words that chose it. Returns the exit status. */
typedef int cli_command_fn(struct cli *cli, int argc, char **argv);

cli_command_fn cmd_migrate, cmd_doctor, cmd_conference_list, cmd_conference_create,
    cmd_conference_clock, cmd_import_schedule, cmd_import_people, cmd_import_abstracts,
    cmd_export_schedule, cmd_export_people, cmd_export_bundle, cmd_export_presence,
    cmd_export_questions, cmd_token, cmd_kiosk_create, cmd_kiosk_pair, cmd_kiosk_list,
    cmd_kiosk_revoke, cmd_list_create, cmd_codes, cmd_release_preview, cmd_release_publish,
    cmd_methods, cmd_call, cmd_calls, cmd_rpc, cmd_bounce, cmd_erase;

/* plenum erase --again, and whose hand it was: the account somebody came from, or runs as. */
int erase_again(struct cli *cli, const char *path, bool dry);
const char *erase_by(void);

/* One line of plenum doctor. */
typedef void doctor_fn(bool ok, const char *line);

/*
 * What the conference's streams need and whether they may come from where they do. renditions:
 * kbit/s with commas between, online: places; either may be NULL.
 */
void doctor_streams(struct cli *cli, const char *renditions, const char *online,
		    doctor_fn *finding);

#endif
