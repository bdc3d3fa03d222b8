/* tests/core: key files made by several processes at once: one of them wins, nobody reads half a
 * key. */
#include "services/core/token_keys.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { PROCESSES = 8, ROUNDS = 5 };

/* What each process came to hold; shared with the children. */
struct seen {
	volatile int go;
	char kids[PROCESSES][TOKEN_KINDS][17];
	bool loaded[PROCESSES];
};

static void load_as(struct seen *seen, int number, const char *dir)
{
	while (!seen->go)
		continue;
	seen->loaded[number] = keys_load(dir, true) == NULL;
	for (int kind = 0; kind < TOKEN_KINDS; kind++)
		strcpy(seen->kids[number][kind], keys_of((enum token_kind)kind)->keys[0].kid);
	_exit(0);
}

/* Empties and removes a folder; says how many files there were. */
static int removed(const char *dir)
{
	DIR *d = opendir(dir);
	char path[400];
	int files = 0;

	for (struct dirent *e = readdir(d); e; e = readdir(d)) {
		struct stat st;

		if (e->d_name[0] == '.' && (!e->d_name[1] || e->d_name[1] == '.'))
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		assert_int_equal(st.st_size, 65);
		unlink(path);
		files++;
	}
	closedir(d);
	rmdir(dir);
	return files;
}

static void made_at_once(void **state)
{
	struct seen *seen =
	    mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(seen != MAP_FAILED);
	for (int round = 0; round < ROUNDS; round++) {
		char dir[] = "/tmp/plenum-keys-XXXXXX";

		assert_non_null(mkdtemp(dir));
		memset(seen, 0, sizeof *seen);
		for (int i = 0; i < PROCESSES; i++)
			if (fork() == 0)
				load_as(seen, i, dir);
		seen->go = 1;
		for (int i = 0; i < PROCESSES; i++)
			wait(NULL);
		for (int i = 0; i < PROCESSES; i++) {
			assert_true(seen->loaded[i]);
			assert_memory_equal(seen->kids[i], seen->kids[0], sizeof seen->kids[0]);
		}
		assert_int_equal(removed(dir), 5);
	}
	munmap(seen, sizeof *seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(made_at_once)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
