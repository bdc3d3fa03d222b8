/* gateway: plenumd: the parent that starts the workers, restarts a dead one, and passes on the
 * order to stop. */
#include "gateway/config.h"
#include "gateway/metrics.h"
#include "gateway/relay.h"
#include "gateway/worker.h"
#include "services/core/clock.h"
#include "services/core/log.h"
#include "services/feeds/feeds.h"
#include "services/files/files.h"
#include "services/core/token.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, QUICK_DEATH_MS = 2000 };

static struct {
	pid_t pid;
	uint64_t started_ms;
} workers[WORKERS_MAX];

static volatile sig_atomic_t stopping;

static void on_stop(int number)
{
	(void)number;
	stopping = 1;
	for (int i = 0; i < WORKERS_MAX; i++)
		if (workers[i].pid > 0)
			kill(workers[i].pid, SIGTERM);
}

static void usage(void)
{
	fputs("plenumd: the Plenum gateway\n"
	      "usage: plenumd [--config FILE] [--KEY VALUE …]\n"
	      "keys: dsn listen base_url web_dir mail_dir mail_from smtp_url smtp_tls smtp_ca "
	      "smtp_rate smtp_reserve smtp_timeout bundle_dir files_dir key_dir workers "
	      "venue_networks trusted_proxies\n"
	      "      each also as a variable PLENUM_DSN, PLENUM_LISTEN …; see docs/operations.md\n",
	      stderr);
}

static bool read_arguments(int argc, char **argv, struct config *config)
{
	const char *file = NULL;

	for (int i = 1; i + 1 < argc; i += 2)
		if (strcmp(argv[i], "--config") == 0)
			file = argv[i + 1];
	if (!config_load(config, file))
		return false;
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 >= argc || strncmp(argv[i], "--", 2) != 0)
			return false;
		if (strcmp(argv[i], "--config") != 0 &&
		    !config_set(config, argv[i] + 2, argv[i + 1]))
			return false;
	}
	return true;
}

/* In the parent: its handlers stay; in the child: never returns. */
static void start_worker(const struct config *config, int number)
{
	pid_t pid;

	workers[number].started_ms = clock_ms();
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		exit(worker_run(config, number));
	}
	workers[number].pid = pid;
}

static int number_of(pid_t pid)
{
	for (int i = 0; i < WORKERS_MAX; i++)
		if (workers[i].pid == pid)
			return i;
	return -1;
}

static void watch(const struct config *config)
{
	int left = config->workers;

	while (left > 0) {
		int status, number;
		pid_t pid = wait(&status);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break;
		number = number_of(pid);
		if (number < 0)
			continue;
		workers[number].pid = 0;
		if (stopping) {
			left--;
			continue;
		}
		log_line("worker %d (pid %d) ended with status %d: starting another", number,
			 (int)pid, status);
		/* One that dies at once would otherwise be restarted as fast as the machine can. */
		if (clock_ms() - workers[number].started_ms < QUICK_DEATH_MS)
			sleep(1);
		if (stopping)
			left--;
		else
			start_worker(config, number);
	}
}

/* 0, or what to end with, after saying what is wrong. */
static int read_settings(int argc, char **argv, struct config *config)
{
	const char *wrong;
	char relay[RELAY_NAME_SIZE];

	if (!read_arguments(argc, argv, config) || !config_complete(config)) {
		usage();
		return 2;
	}
	if (config->dsn == NULL || config->key_dir == NULL) {
		fputs("plenumd: dsn and key_dir are needed\n", stderr);
		return 2;
	}
	wrong = relay_read(config, relay);
	if (wrong == NULL)
		wrong = keys_load(config->key_dir, true);
	if (wrong == NULL)
		wrong = feeds_self_test();
	if (wrong != NULL)
		log_line("%s", wrong);
	return wrong != NULL;
}

/* Until it is told to stop. */
static void serve(const struct config *config)
{
	struct sigaction stop = {.sa_handler = on_stop};

	feeds_start(config->base_url);
	files_start(config->files_dir);
	signal(SIGPIPE, SIG_IGN);
	/* A limit of the machine on files is a refusal (EFBIG), not the end of a worker. */
	signal(SIGXFSZ, SIG_IGN);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	metrics_map(config->workers);
	log_line("plenumd on %s with %d workers", config->listen, config->workers);
	for (int i = 0; i < config->workers; i++)
		start_worker(config, i);
	watch(config);
}

int main(int argc, char **argv)
{
	struct config config = {0};
	int status;

	log_name("plenumd");
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		usage();
		return 0;
	}
	status = read_settings(argc, argv, &config);
	if (status == 0)
		serve(&config);
	config_finish(&config);
	return status;
}
