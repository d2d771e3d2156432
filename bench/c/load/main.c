/* The load generator: reads a plan from its standard input, does what it says, and prints what it measured as JSON.
 *
 * A plan is a line a word, then numbers, then as many bytes as the last number says where the word brings bytes:
 *
 *   server PORT PID · window WARMUP DURATION (ms) · hold (no load: waits until its input ends)
 *   stream · datagrams PORT · on LINK · send SIZE · expect SIZE · until SIZE      what is said before the load begins
 *   exchange SENDER IN_FLIGHT · receiver LINK · stalls LINK (a receiver that never reads) · every MS · by-end
 *   request SIZE · delivered SIZE · answer SIZE · confirmed SIZE · said SIZE · reply SIZE       of the last exchange
 *   arrivals AT_ONCE                                    the steps from here on are what each visitor does
 */

#define _GNU_SOURCE
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "latencies.h"
#include "load.h"
#include "processor.h"

/* How long the first message may take, in seconds. */
enum { PATIENCE = 20 };

static struct visitor opener;
static struct script opening, arriving;
static struct exchange *exchanges;
static int exchange_count;
static int server_pid, visitors;
static double warmup, duration;
static bool is_held, is_open;
/* Which links are never read: what is sent to them stays where it is. */
static int *stalled;
static int stalled_count;

static struct message read_message(size_t size) {
  char *bytes = malloc(size + 1);
  if (bytes == NULL || fread(bytes, 1, size, stdin) != size || getchar() != '\n') fail("the plan is cut short");
  return message_of(bytes, size);
}

static void *one_more(void *array, int count, size_t size) {
  array = realloc(array, (count + 1) * size);
  if (array == NULL) fail("out of memory");
  return array;
}

static void add_exchange(int sender, int in_flight) {
  exchanges = one_more(exchanges, exchange_count, sizeof *exchanges);
  exchanges[exchange_count++] = (struct exchange){.sender = sender, .in_flight = in_flight};
}

static void add_receiver(struct exchange *exchange, int number) {
  exchange->receivers = one_more(exchange->receivers, exchange->receiver_count, sizeof *exchange->receivers);
  exchange->receivers[exchange->receiver_count++] = number;
}

static void read_line(const char *word, int first, int second) {
  struct exchange *last = exchange_count == 0 ? NULL : &exchanges[exchange_count - 1];
  struct script *script = visitors > 0 ? &arriving : &opening;
#define IS(text) (strcmp(word, text) == 0)
  if (IS("server")) open_loop(first), server_pid = second;
  else if (IS("window")) warmup = first / 1e3, duration = second / 1e3;
  else if (IS("hold")) is_held = true;
  else if (IS("stream")) add_step(script, (struct step){.kind = OPEN_STREAM});
  else if (IS("datagrams")) add_step(script, (struct step){.kind = OPEN_DATAGRAMS, .number = first});
  else if (IS("on")) add_step(script, (struct step){.kind = ON, .number = first});
  else if (IS("send")) add_step(script, (struct step){.kind = SEND, .message = read_message(first)});
  else if (IS("expect")) add_step(script, (struct step){.kind = EXPECT, .message = read_message(first)});
  else if (IS("until")) add_step(script, (struct step){.kind = UNTIL, .message = read_message(first)});
  else if (IS("arrivals")) visitors = first;
  else if (IS("stalls")) stalled = one_more(stalled, stalled_count, sizeof *stalled), stalled[stalled_count++] = first;
  else if (IS("exchange")) add_exchange(first, second);
  else if (last == NULL) fail("the plan has an unknown word: %s", word);
  else if (IS("receiver")) add_receiver(last, first);
  else if (IS("by-end")) last->is_by_end = true;
  else if (IS("every")) last->every = first / 1e3;
  else if (IS("request")) last->request = read_message(first);
  else if (IS("delivered")) last->delivered = read_message(first);
  else if (IS("answer")) last->answer = read_message(first);
  else if (IS("confirmed")) last->confirmed = read_message(first);
  else if (IS("said")) last->said = read_message(first);
  else if (IS("reply")) last->reply = read_message(first);
  else fail("the plan has an unknown word: %s", word);
#undef IS
}

/* Reads the plan up to its last line, `go`. */
static void read_plan(void) {
  char line[128], word[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int first = 0, second = 0;
    if (sscanf(line, "%15s %d %d", word, &first, &second) < 1) continue;
    if (strcmp(word, "go") == 0) return;
    read_line(word, first, second);
  }
  fail("the plan is cut short");
}

static void opened(struct visitor *visitor) {
  (void)visitor;
  is_open = true;
}

static void open_all(void) {
  opener.finished = opened;
  begin(&opener, &opening, 0);
  while (!is_open) take_turn(1);
}

static void start_all(void) {
  for (int i = 0; i < stalled_count; i++) stall(opener.links[stalled[i]]);
  for (int i = 0; i < exchange_count; i++) start_exchange(&exchanges[i], opener.links);
  if (visitors > 0) start_arrivals(&arriving, visitors);
}

static double drive_until(double end) {
  double time;
  while ((time = now()) < end) take_turn(fmin(end, send_due(exchanges, exchange_count, time)) - time);
  return time;
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  read_plan();
  open_all();
  if (is_held) {
    puts("opened");
    fflush(stdout);
    while (getchar() != EOF) continue;
    return 0;
  }
  start_all();
  double start = drive_until(now() + warmup);
  struct usage before = usage_now(server_pid);
  is_counting = true;
  double end = drive_until(start + duration);
  /* A window that was too short for a busy machine is made longer. */
  while (latency_count() == 0 && end < start + duration + PATIENCE) end = drive_until(end + duration);
  struct usage after = usage_now(server_pid);
  if (latency_count() == 0) fail("no message was confirmed");
  double all = after.all - before.all, server = after.server - before.server;
  double generator = after.generator - before.generator;
  printf("{\"seconds\":%.6f,\"messages\":%lu,\"p50\":%.0f,\"p99\":%.0f,\"server\":%.6f,\"generator\":%.6f,"
         "\"others\":%.3f,\"stolen\":%.3f}\n",
         end - start, latency_count(), latency_quantile(0.5), latency_quantile(0.99), server, generator,
         fmax(0, all - server - generator), after.stolen - before.stolen);
  return 0;
}
