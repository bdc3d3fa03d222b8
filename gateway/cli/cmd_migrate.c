/* gateway/cli: plenum migrate and plenum doctor. */
#include "gateway/cli/cli.h"
#include "gateway/relay.h"
#include "services/core/token.h"
#include "services/db/migrate.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool all_well;

static void say(const char *line)
{
	fprintf(stderr, "plenum migrate: %s\n", line);
}

int cmd_migrate(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	if (argc != 0)
		return EXIT_USAGE;
	if (cli->config.dsn == NULL) {
		fputs("plenum: no dsn: --dsn or PLENUM_DSN, of the role that owns the tables\n",
		      stderr);
		return EXIT_USAGE;
	}
	return db_migrate(cli->config.dsn, say) ? 0 : EXIT_REFUSED;
}

static void show(const char *key, const char *value)
{
	printf("   %-16s %s\n", key, value);
}

static void finding(bool ok, const char *line)
{
	printf("%s  %s\n", ok ? "ok" : "!!", line);
	all_well = all_well && ok;
}

static void check_folder(const char *what, const char *path, int mode)
{
	char line[400];
	struct stat st;
	bool ok =
	    path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode) && access(path, mode) == 0;

	snprintf(line, sizeof(line), "%s: %.300s", what,
		 path == NULL ? "not set"
		 : ok	      ? "usable"
			      : "not a folder we can use");
	finding(ok, line);
}

/* What people hand in must be out of reach of whatever serves the pages, links followed. */
static void check_files(const struct config *config)
{
	char files[PATH_MAX], web[PATH_MAX];
	size_t n;

	if (config->files_dir == NULL) {
		finding(true, "files_dir: not set, no slides or posters are taken");
		return;
	}
	check_folder("files_dir", config->files_dir, R_OK | W_OK | X_OK);
	if (config->web_dir == NULL || realpath(config->files_dir, files) == NULL ||
	    realpath(config->web_dir, web) == NULL)
		return;
	n = strlen(web);
	finding(strncmp(files, web, n) != 0 || (files[n] != 0 && files[n] != '/'),
		"files_dir is outside web_dir");
}

/* Mail leaves by one way: the relay, or files for a pickup. */
static void check_mail(const struct config *config)
{
	char name[RELAY_NAME_SIZE], line[RELAY_NAME_SIZE + 400];
	const char *wrong = relay_read(config, name);

	if (wrong == NULL && name[0] == 0) {
		check_folder("mail_dir", config->mail_dir, W_OK);
		return;
	}
	if (wrong == NULL)
		wrong = relay_try(config);
	snprintf(line, sizeof(line), "smtp_url: %s%s%s", name, wrong == NULL ? " takes mail" : ": ",
		 wrong == NULL ? "" : wrong);
	finding(wrong == NULL, line);
	snprintf(line, sizeof(line), "mail_from: %s", config->mail_from);
	finding(strstr(config->mail_from, "@localhost") == NULL || strncmp(name, "127.", 4) == 0 ||
		    strncmp(name, "localhost", 9) == 0,
		line);
}

int cmd_doctor(struct cli *cli, int argc, char **argv)
{
	const char *wrong, *renditions = cli_option(&argc, argv, "renditions"),
			   *online = cli_option(&argc, argv, "online");
	/* Before a start: only what it needs. A stream in the wrong place must not keep doors shut.
	 */
	bool start = cli_flag(&argc, argv, "start");

	if (argc != 0)
		return EXIT_USAGE;
	all_well = true;
	config_each(&cli->config, show);
	if (cli->config.dsn != NULL)
		db_examine(cli->config.dsn, finding);
	else
		finding(false, "dsn: not set");
	check_folder("web_dir", cli->config.web_dir, R_OK);
	check_mail(&cli->config);
	if (cli->config.bundle_dir != NULL)
		check_folder("bundle_dir", cli->config.bundle_dir, W_OK);
	check_files(&cli->config);
	wrong = cli->config.key_dir != NULL ? keys_load(cli->config.key_dir, false)
					    : "key_dir is not set";
	finding(wrong == NULL, wrong != NULL ? wrong : "keys: read, token self-test passed");
	finding(access("/usr/share/zoneinfo/Europe/Copenhagen", R_OK) == 0, "time zone data");
	finding(strncmp(cli->config.base_url, "https://", 8) == 0 ||
		    strstr(cli->config.base_url, "//127.0.0.1") != NULL ||
		    strstr(cli->config.base_url, "//localhost") != NULL,
		"base_url is https, or the loopback");
	if (cli->config.dsn != NULL && !start)
		doctor_streams(cli, renditions, online, finding);
	return all_well ? 0 : EXIT_REFUSED;
}
