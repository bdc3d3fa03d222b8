/* gateway/cli: plenum: the organiser's command line: which words choose which command. */
#include "gateway/cli/cli.h"
#include "services/core/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command {
	const char *words[2];
	cli_command_fn *run;
	const char *usage, *summary;
} commands[] = {
    {{"migrate", NULL},
     cmd_migrate,
     "[--dsn OWNER_DSN]",
     "Brings the database to this version's schema."},
    {{"doctor", NULL},
     cmd_doctor,
     "[--start] [--renditions KBIT,…] [--online PLACES] [--into SLUG]",
     "Shows the settings in force and what is wrong with them, and the uplink streams need."},
    {{"conference", "list"}, cmd_conference_list, "", "All conferences."},
    {{"conference", "create"},
     cmd_conference_create,
     "SLUG --title T --zone Z --starts DATE --ends DATE [--venue V] [--subtitle S] [--default]",
     "Makes a conference."},
    {{"conference", "clock"},
     cmd_conference_clock,
     "[SLUG] --at INSTANT | --offset SECONDS",
     "Moves a conference's own clock."},
    {{"import", "schedule"},
     cmd_import_schedule,
     "FILE [--into SLUG] [--zone Z] [--dry-run] [--partial] [--publish]",
     "Reads frab XML, frab JSON or CSV, one row a slot."},
    {{"import", "people"},
     cmd_import_people,
     "FILE [--into SLUG] [--dry-run] [--partial] [--mail]",
     "Reads CSV with the columns email, name, roles, mode, organisation, category."},
    {{"import", "abstracts"},
     cmd_import_abstracts,
     "FILE [--into SLUG] [--dry-run] [--partial]",
     "Reads abstracts of a call run elsewhere: our JSON, HotCRP's data.json, or CSV with title, "
     "email, name, authors, abstract, topics, source."},
    {{"export", "schedule"},
     cmd_export_schedule,
     "--format xml|json|csv|ics [--into SLUG]",
     "Writes the current release."},
    {{"export", "bundle"},
     cmd_export_bundle,
     "--out DIR [--into SLUG]",
     "Writes the current release as a folder for any web host, DIR/current."},
    {{"export", "presence"},
     cmd_export_presence,
     "[--into SLUG]",
     "Writes the attendance of those who agreed to its being kept, as CSV."},
    {{"export", "questions"},
     cmd_export_questions,
     "--format csv|ndjson [--session ID | --talk ID] [--part questions|trail|summary] [--into "
     "SLUG]",
     "Writes questions, what was done with each, and how the sessions were moderated."},
    {{"export", "people"},
     cmd_export_people,
     "--format json|csv [--into SLUG]",
     "Writes everyone."},
    {{"token", NULL},
     cmd_token,
     "--role R --email E [--name N] [--into SLUG]",
     "A bearer token for a script, 30 days."},
    {{"kiosk", "create"},
     cmd_kiosk_create,
     "--name N [--kind kiosk|stage] [--list ID] [--room ID] [--profile P] [--pin N]",
     "A device with its token, without a screen to pair."},
    {{"kiosk", "pair"},
     cmd_kiosk_pair,
     "CODE --name N [--list ID] [--room ID] [--profile P] [--pin N]",
     "Confirms the code a screen shows."},
    {{"kiosk", "list"}, cmd_kiosk_list, "", "All devices."},
    {{"kiosk", "revoke"}, cmd_kiosk_revoke, "STATION", "Ends a device's access."},
    {{"list", "create"},
     cmd_list_create,
     "--name N [--opens I] [--closes I] [--capacity N]",
     "Makes a check-in list."},
    {{"codes", NULL},
     cmd_codes,
     "[--limit N]",
     "New entry codes for the first people; the old ones are superseded."},
    {{"release", "preview"}, cmd_release_preview, "", "What a release would change."},
    {{"release", "publish"}, cmd_release_publish, "[--note N]", "Publishes the draft."},
    {{"erase", NULL},
     cmd_erase,
     "--email E [--conference SLUG] [--dry-run] [--force] [--list FILE] | --again [--dry-run] "
     "[--list FILE]",
     "Erases a person by address, in every conference or one; --force: in a published programme "
     "too; --again: whoever of the list came back with a backup."},
    {{"methods", NULL}, cmd_methods, "", "The registry of methods and events as JSON."},
    {{"call", NULL},
     cmd_call,
     "METHOD [JSON] [--as PERSON]",
     "Runs any method here, as the organiser or for a person by their id."},
    {{"calls", NULL},
     cmd_calls,
     "FILE",
     "The same, one {\"method\", \"params\", \"as\"} a line, until one is refused; - reads what "
     "comes in."},
    {{"rpc", NULL},
     cmd_rpc,
     "METHOD [JSON] [--token T] [--url BASE]",
     "Calls a running gateway over HTTP."},
    {{"bounce", NULL},
     cmd_bounce,
     "[FILE | -] [--into SLUG]",
     "Keeps that a mail came back: reads one delivery status notification, as a mail server pipes "
     "it. 75: to be tried again."},
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void help(FILE *out)
{
	fputs("plenum: the organiser's command line\n\n", out);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  plenum %s%s%s %s\n      %s\n", commands[i].words[0],
			commands[i].words[1] != NULL ? " " : "",
			commands[i].words[1] != NULL ? commands[i].words[1] : "", commands[i].usage,
			commands[i].summary);
	fputs("\nEverywhere: --config FILE (or PLENUM_CONFIG), --dsn DSN, --into SLUG, --json, "
	      "--help.\n"
	      "Exit status: 0 done, 1 refused, 2 wrong usage.\n",
	      out);
}

static const struct command *find(int argc, char **argv, int *ret_words)
{
	for (int i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];
		int n = c->words[1] != NULL ? 2 : 1;

		if (argc >= n && strcmp(argv[0], c->words[0]) == 0 &&
		    (n == 1 || strcmp(argv[1], c->words[1]) == 0)) {
			*ret_words = n;
			return c;
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct cli cli = {0};
	const struct command *command;
	const char *file, *dsn;
	int words, status;

	log_name("plenum");
	argc--;
	argv++;
	file = cli_option(&argc, argv, "config");
	dsn = cli_option(&argc, argv, "dsn");
	cli.into = cli_option(&argc, argv, "into");
	cli.json = cli_flag(&argc, argv, "json");
	if (argc == 0 || cli_flag(&argc, argv, "help") || strcmp(argv[0], "help") == 0) {
		help(stdout);
		return argc == 0 ? EXIT_USAGE : 0;
	}
	command = find(argc, argv, &words);
	if (command == NULL) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (!config_load(&cli.config, file != NULL ? file : getenv("PLENUM_CONFIG")) ||
	    (dsn != NULL && !config_set(&cli.config, "dsn", dsn)) ||
	    !config_complete(&cli.config)) {
		config_finish(&cli.config);
		return EXIT_USAGE;
	}
	status = command->run(&cli, argc - words, argv + words);
	if (status == EXIT_USAGE)
		fprintf(stderr, "usage: plenum %s%s%s %s\n", command->words[0],
			command->words[1] != NULL ? " " : "",
			command->words[1] != NULL ? command->words[1] : "", command->usage);
	config_finish(&cli.config);
	return status;
}
