#define _GNU_SOURCE
#include "message.h"

#include <stdio.h>
#include <string.h>

static const char MARK[] = "NUMBER";
enum { DIGITS = sizeof MARK - 1, NUMBERS = 1000000 };

struct message message_of(char *bytes, size_t size) {
  return (struct message){.bytes = bytes, .size = size, .digits = memmem(bytes, size, MARK, DIGITS)};
}

const char *numbered(struct message *message, unsigned long number) {
  if (message->digits != NULL) {
    char text[DIGITS + 1];
    snprintf(text, sizeof text, "%06lu", number % NUMBERS);
    memcpy(message->digits, text, DIGITS);
  }
  return message->bytes;
}
