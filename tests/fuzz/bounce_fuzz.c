/* tests: any bytes as what a mail server says: refused, or about one id, with one line of why. */
#include "services/mail/mail.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char report[] =
	    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n";
	struct arena *arena = arena_create(64 << 20);
	char *bytes = xcalloc(1, sizeof(report) + size);
	struct mail_report r;

	/* Half of it gets past the door. */
	memcpy(bytes, report, sizeof(report) - 1);
	if (size > 0)
		memcpy(bytes + sizeof(report) - 1, data, size);
	for (int whole = 0; whole < 2; whole++) {
		const char *from = whole ? bytes : bytes + sizeof(report) - 1;

		if (mail_report_read(arena, from, size + (whole ? sizeof(report) - 1 : 0), &r) !=
		    OK)
			continue;
		assert(strlen(r.mail) == UUID_SIZE - 1 && r.action != NULL);
		assert(strlen(r.reason) > 0 && strlen(r.reason) <= 250);
		for (const char *c = r.reason; *c != 0; c++)
			assert(*c >= ' ' && *c <= '~');
	}
	free(bytes);
	arena_destroy(arena);
	return 0;
}
