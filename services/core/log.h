/* services/core: the log: one line at a time on stderr, with the time and the process. Never
 * message bodies, tokens or what people wrote. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

void log_name(const char *name); /* static; shown in each line */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
