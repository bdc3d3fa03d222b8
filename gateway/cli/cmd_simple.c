/* gateway/cli: the commands that are one method call. */
#include "gateway/cli/cli.h"
#include "gateway/discover.h"
#include "services/people/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEOPLE_FILE_MAX = 16 << 20 };

/* Runs, prints the result or the refusal, frees params. */
static int run(struct cli *cli, const char *method, json_t *params, bool global)
{
	struct cli_result r;
	int status =
	    global ? cli_call_global(cli, method, params, &r) : cli_call(cli, method, params, &r);

	status = status == 0 ? cli_print(&r) : cli_refused(cli, &r);
	cli_result_finish(&r);
	json_decref(params);
	return status;
}

static void put(json_t *params, const char *name, const char *value)
{
	if (value != NULL)
		json_object_set_new(params, name, json_string(value));
}

/* A number; what is none goes as the text it is, and the method names the member that is wrong. */
static void put_number(json_t *params, const char *name, const char *value)
{
	char *end;
	long long number;

	if (value == NULL)
		return;
	number = strtoll(value, &end, 10);
	if (*value != 0 && *end == 0)
		json_object_set_new(params, name, json_integer(number));
	else
		put(params, name, value);
}

int cmd_conference_list(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? run(cli, "conference.list", json_object(), true) : EXIT_USAGE;
}

int cmd_conference_create(struct cli *cli, int argc, char **argv)
{
	static const char *const names[] = {"title", "zone", "starts", "ends", "venue", "subtitle"};
	json_t *params = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(params, names[i], cli_option(&argc, argv, names[i]));
	json_object_set_new(params, "is_default", json_boolean(cli_flag(&argc, argv, "default")));
	if (argc != 1) {
		json_decref(params);
		return EXIT_USAGE;
	}
	put(params, "slug", argv[0]);
	return run(cli, "conference.create", params, true);
}

int cmd_conference_clock(struct cli *cli, int argc, char **argv)
{
	const char *at = cli_option(&argc, argv, "at"), *offset = cli_option(&argc, argv, "offset");
	json_t *params = json_object();

	if (argc == 1)
		cli->into = argv[0];
	if (argc > 1 || (at == NULL) == (offset == NULL)) {
		json_decref(params);
		return EXIT_USAGE;
	}
	put(params, "at", at);
	put_number(params, "offset_seconds", offset);
	return run(cli, "conference.clock", params, false);
}

int cmd_import_people(struct cli *cli, int argc, char **argv)
{
	bool dry = cli_flag(&argc, argv, "dry-run"), partial = cli_flag(&argc, argv, "partial"),
	     mail = cli_flag(&argc, argv, "mail");
	struct arena *arena;
	const char *why = NULL;
	json_t *rows = NULL;
	char *bytes;
	size_t size;
	int status = EXIT_REFUSED;

	if (argc != 1)
		return EXIT_USAGE;
	bytes = cli_read_file(argv[0], PEOPLE_FILE_MAX, &size);
	if (bytes == NULL)
		return EXIT_REFUSED;
	arena = arena_create(512 << 20);
	if (people_csv_to_rows(arena, bytes, size, &rows, &why) == OK)
		status = run(cli, "people.import_bulk",
			     json_pack("{s:o,s:b,s:b,s:b}", "rows", rows, "dry_run", dry, "partial",
				       partial, "mail", mail),
			     false);
	else
		fprintf(stderr, "plenum: %s: %s\n", argv[0], why != NULL ? why : "cannot be read");
	arena_destroy(arena);
	free(bytes);
	return status;
}

int cmd_export_people(struct cli *cli, int argc, char **argv)
{
	json_t *params = json_object();
	struct cli_result r;
	const char *csv;
	int status;

	put(params, "format", cli_option(&argc, argv, "format"));
	status = cli_call(cli, "people.export", params, &r);
	csv = json_string_value(json_object_get(r.json, "csv"));
	if (status == 0 && csv != NULL && !cli->json)
		fputs(csv, stdout);
	else
		status = status == 0 ? cli_print(&r) : cli_refused(cli, &r);
	cli_result_finish(&r);
	json_decref(params);
	return status;
}

int cmd_token(struct cli *cli, int argc, char **argv)
{
	static const char *const names[] = {"role", "email", "name"};
	json_t *params = json_object();
	struct cli_result r;
	int status;

	for (size_t i = 0; i < 3; i++)
		put(params, names[i], cli_option(&argc, argv, names[i]));
	if (argc != 0 || json_object_size(params) < 2) {
		json_decref(params);
		return EXIT_USAGE;
	}
	if (cli->json)
		return run(cli, "token.create", params, false);
	status = cli_call(cli, "token.create", params, &r);
	if (status == 0)
		puts(json_string_value(json_object_get(r.json, "token")));
	else
		cli_refused(cli, &r);
	cli_result_finish(&r);
	json_decref(params);
	return status;
}

int cmd_kiosk_create(struct cli *cli, int argc, char **argv)
{
	static const char *const names[] = {"name", "kind", "list", "room", "profile", "pin"};
	json_t *params = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(params, names[i], cli_option(&argc, argv, names[i]));
	if (json_object_get(params, "kind") == NULL)
		put(params, "kind", "kiosk");
	return run(cli, "kiosk.create", params, false);
}

int cmd_kiosk_pair(struct cli *cli, int argc, char **argv)
{
	static const char *const names[] = {"name", "list", "room", "profile", "pin"};
	json_t *params = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(params, names[i], cli_option(&argc, argv, names[i]));
	if (argc != 1) {
		json_decref(params);
		return EXIT_USAGE;
	}
	put(params, "user_code", argv[0]);
	return run(cli, "device.confirm", params, false);
}

int cmd_kiosk_list(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? run(cli, "device.list", json_object(), false) : EXIT_USAGE;
}

int cmd_kiosk_revoke(struct cli *cli, int argc, char **argv)
{
	return argc == 1 ? run(cli, "device.revoke", json_pack("{s:s}", "station", argv[0]), false)
			 : EXIT_USAGE;
}

int cmd_list_create(struct cli *cli, int argc, char **argv)
{
	static const char *const names[] = {"name", "opens", "closes"};
	json_t *params = json_object();
	const char *capacity = cli_option(&argc, argv, "capacity");

	for (size_t i = 0; i < 3; i++)
		put(params, names[i], cli_option(&argc, argv, names[i]));
	put_number(params, "capacity", capacity);
	return run(cli, "checkin.list_create", params, false);
}

int cmd_codes(struct cli *cli, int argc, char **argv)
{
	const char *limit = cli_option(&argc, argv, "limit");
	json_t *params = json_object();

	put_number(params, "limit", limit);
	return run(cli, "people.codes", params, false);
}

int cmd_release_preview(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? run(cli, "release.preview", json_object(), false) : EXIT_USAGE;
}

int cmd_release_publish(struct cli *cli, int argc, char **argv)
{
	json_t *params = json_object();

	put(params, "note", cli_option(&argc, argv, "note"));
	return run(cli, "release.publish", params, false);
}

int cmd_methods(struct cli *cli, int argc, char **argv)
{
	(void)cli;
	(void)argc;
	(void)argv;
	puts(discover_json());
	return 0;
}

int cmd_call(struct cli *cli, int argc, char **argv)
{
	json_error_t error;
	json_t *params;
	bool global;

	cli->as = cli_option(&argc, argv, "as");
	if (argc < 1 || argc > 2)
		return EXIT_USAGE;
	params = argc == 2 ? json_loads(argv[1], JSON_REJECT_DUPLICATES, &error) : json_object();
	if (!json_is_object(params)) {
		fputs("plenum: the parameters are not a JSON object\n", stderr);
		json_decref(params);
		return EXIT_USAGE;
	}
	global =
	    strcmp(argv[0], "conference.create") == 0 || strcmp(argv[0], "conference.list") == 0;
	return run(cli, argv[0], params, global);
}
