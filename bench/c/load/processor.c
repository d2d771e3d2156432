#define _GNU_SOURCE
#include "processor.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "link.h"

static double seconds_of(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) fail("the server is gone");
  return time.tv_sec + time.tv_nsec / 1e9;
}

/* What all threads of a process have used, to the nanosecond: /proc/PID/stat counts hundredths of a second. */
static double used_by(int pid) {
  clockid_t clock;
  if (clock_getcpuclockid(pid, &clock) != 0) fail("the server is gone");
  return seconds_of(clock);
}

struct usage usage_now(int server_pid) {
  double user, nice, system, idle, waiting, interrupts, soft_interrupts, stolen;
  FILE *file = fopen("/proc/stat", "r");
  if (file == NULL || fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle, &waiting,
                             &interrupts, &soft_interrupts, &stolen) != 8) {
    fail("/proc/stat cannot be read");
  }
  fclose(file);
  double ticks = sysconf(_SC_CLK_TCK);
  return (struct usage){
      .server = used_by(server_pid),
      .generator = seconds_of(CLOCK_PROCESS_CPUTIME_ID),
      .all = (user + nice + system + interrupts + soft_interrupts) / ticks,
      .stolen = stolen / ticks,
  };
}
