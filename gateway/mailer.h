/* gateway: mail on its way to the relay, a few at a time beside everything else that a worker does.
 */
#ifndef GATEWAY_MAILER_H
#define GATEWAY_MAILER_H

#include "gateway/config.h"

#include <stdbool.h>
#include <uv.h>

/* False: no relay is configured, and mailer_job does nothing. */
bool mailer_start(uv_loop_t *loop, const struct config *config);
/* Looks for mail and sends it; called every second. */
void mailer_job(void);
/* Mails that are being sent, or whose end is not kept yet. */
int mailer_under_way(void);
void mailer_stop(void);

#endif
