/**
 * Why a connection was closed: one list for the log, the counters and the peer's last line alike.
 *
 * @module
 */

/** Why a connection was closed, each with the words that people read. */
export const CLOSE_REASONS = {
  "left": "the peer left",
  "lost": "the connection was lost",
  "slow-reader": "the peer does not read what it is sent",
  "malformed": "the peer sent what cannot be parsed any further",
  "unresponsive": "the peer leaves too many messages unanswered",
  "partner-left": "the other socket of the same user closed",
  "refused": "the peer was not admitted",
  "foreign-protocol": "the peer speaks another protocol than this port",
  "denied": "connections from this address are not allowed",
  "full": "the server is full",
  "too-many": "too many connections from this address",
  "too-fast": "too many new connections from this address, try again later",
  "unproven": "it has never acknowledged anything, and others want its place",
  "unregistered": "nobody registered in time",
  "stalled": "a message was begun and not finished in time",
  "idle": "nothing was said for too long",
  "flood": "too many messages in too short a time",
  "name-lost": "the name was given to somebody else while this node was cut off",
  "kicked": "an operator of the server closed the connection",
  "shutdown": "the server is shutting down",
  "done": "our side has finished",
  "fault": "an error of our own",
} as const;

/** A code of {@linkcode CLOSE_REASONS}. */
export type CloseReason = keyof typeof CLOSE_REASONS;
