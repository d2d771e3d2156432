/* What is said on some connections before they are ready, or by a visitor who then leaves. */

#ifndef SCRIPT_H
#define SCRIPT_H

#include "link.h"
#include "message.h"

enum step_kind { OPEN_STREAM, OPEN_DATAGRAMS, ON, SEND, EXPECT, UNTIL };

struct step {
  enum step_kind kind;
  /* The connection, for ON; the own port, for OPEN_DATAGRAMS. */
  int number;
  struct message message;
};

struct script {
  struct step *steps;
  int size;
  /* How many connections it opens. */
  int links;
};

void add_step(struct script *script, struct step step);

/* Somebody who follows a script. */
struct visitor {
  struct script *script;
  int next_step;
  struct link **links;
  int links_open, current;
  unsigned long number;
  void (*finished)(struct visitor *visitor);
};

void begin(struct visitor *visitor, struct script *script, unsigned long number);

#endif
