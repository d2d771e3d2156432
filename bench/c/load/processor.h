/* Who has used the processors. */

#ifndef PROCESSOR_H
#define PROCESSOR_H

/* Seconds of processor time since some beginning. */
struct usage {
  double server, generator;
  /* Of all processors together: in use by anybody, and taken away from this machine by its host. */
  double all, stolen;
};

struct usage usage_now(int server_pid);

#endif
