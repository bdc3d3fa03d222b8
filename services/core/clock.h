/* services/core: real time for the machine. Conference time is SQL's alone (architecture §8). */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdint.h>

uint64_t clock_ms(void);     /* monotonic */
uint64_t clock_us(void);     /* monotonic */
int64_t clock_unix(void);    /* real, seconds */
int64_t clock_unix_ms(void); /* real */

#endif
