/* values.h - the words behind directives: checked, and made into values.
 *
 * Each is a config_read_t. Values are interned (intern.h): the same words, the same pointer.
 */
#ifndef NTLM_CONFIG_VALUES_H
#define NTLM_CONFIG_VALUES_H

#include "config.h"

/* Names of what member->noun says, each once, or '*' alone: a const config_list_t *. */
config_read_t value_list;

/* The words of the enums of config_values.h by their values, for value_word(). */
extern const char *const value_switch[];
extern const char *const value_demand[];
extern const char *const value_proxied[];
extern const char *const value_persistence[];
extern const char *const value_user_format[];

/* One of member->words, NULL at the end; its index, which is never 0, into an enum. */
config_read_t value_word;

/* off, allow or require, and names of hosts behind it: a const config_services_t *. */
config_read_t value_services;

/* FAILURES/SECONDS, perhaps address=, net56= and net48=FAILURES/SECONDS behind it; or off: a
 * const throttle_limits_t *. */
config_read_t value_throttle;

/* A number of seconds from 1 to member->most: an apr_interval_time_t. */
config_read_t value_seconds;

/* The same, or off: CONFIG_FOR_EVER. */
config_read_t value_lifetime;

#endif
