/* gateway: the static bundle: the programme as a folder that any web host can serve if all else
 * fails. */
#ifndef GATEWAY_BUNDLE_H
#define GATEWAY_BUNDLE_H

#include "services/core/fault.h"

#include <stdbool.h>

struct bundle;

/* Called once, from the loop, when all parts are there or one of them could not be made. */
typedef void bundle_ready_fn(struct bundle *bundle, fault f, void *data);

/* Asks for the parts of a conference's bundle. It is the caller's until bundle_free. */
struct bundle *bundle_collect(const char *conference, bundle_ready_fn *ready, void *data);

enum bundle_state { BUNDLE_MORE, BUNDLE_DONE, BUNDLE_FAILED };

/*
 * Writes the next piece into a new folder of dir, which is made when it is missing, and last moves
 * the link `current` to it. Call it until it is not BUNDLE_MORE; a failure leaves what was there,
 * and *ret_why says what went wrong (static, or of strerror).
 */
enum bundle_state bundle_write(struct bundle *bundle, const char *dir, const char **ret_why);
void bundle_free(struct bundle *bundle);

/* Once a second in a worker: claims what is due and writes it, a piece a turn of the loop. */
struct uv_loop_s;
void bundle_job(struct uv_loop_s *loop, const char *bundle_dir);
/* Before the loop ends. */
void bundle_stop(void);

#endif
