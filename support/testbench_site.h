/* testbench_site.h - what ntlm-testbench is told, and where all of it is.
 */
#ifndef NTLM_TESTBENCH_SITE_H
#define NTLM_TESTBENCH_SITE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { TESTBENCH_STOPPED = 0, TESTBENCH_USAGE = 2, TESTBENCH_CANNOT_START = 3 };

/* Its ports, each with a socket that keeps it (testbench_ports.h). The first three are the user's.
 */
typedef enum testbench_port_t {
    PORT_HTTP,
    PORT_HTTPS,
    PORT_PROXY,
    PORT_SHA384,
    PORT_SHA512,
    PORT_ECDSA,
    PORT_H2,
    PORTS
} testbench_port_t;

/* What a port is called in the ready object and in TestbenchUrl; the scheme of its addresses. */
typedef struct testbench_port_row_t {
    const char *kind, *scheme;
    const char *certificate; /* the files NAME.pem and NAME.key; NULL: no TLS */
    int usual;               /* the number that is tried first when nothing is said, or 0 */
    int beside;              /* or that many above that of HTTPS */
} testbench_port_row_t;
extern const testbench_port_row_t testbench_ports[PORTS];

typedef struct testbench_account_t {
    const char *domain, *user, *password; /* UTF-8; domain "": any */
    bool disabled;
    const char *what; /* for people; NULL: the user's own */
} testbench_account_t;

typedef struct testbench_site_t {
    const char *listen; /* an address, as inet_ntop() writes it */
    struct {
        bool off;
        bool fixed, any; /* the number, and no other; any free one; else the usual one, or any */
        int number, keeper;
    } ports[PORTS];
    testbench_account_t *accounts;
    size_t accounts_count;
    const char *nb_domain, *dns_domain, *nb_computer, *dns_computer;
    const char *hostname;   /* NULL, or the name by which clients call it */
    const char *cert, *key; /* from the root on, as the folders below */
    const char *ready_file;
    bool env, log, log_json, stdin_eof, expose, is_ipv6;
    unsigned exit_after;                       /* seconds; 0: never */
    const char *httpd, *modules, *own_modules; /* a program, also of PATH, and two folders */
    char dir[64];                              /* the temporary folder */
    uid_t uid; /* whom httpd's children become, where root starts it; else 0 */
    gid_t gid;
} testbench_site_t;

/* Appends an account; the texts are kept, not copied. False: no memory. */
bool testbench_add_account(testbench_site_t *site, testbench_account_t account);

/* "DOMAIN\user:password", taken apart in place. NULL, or what is wrong with it. */
const char *testbench_read_account(testbench_site_t *site, char *text);

/* A file with such lines; others are empty or begin with '#'. False, after it has said why. */
bool testbench_read_users(testbench_site_t *site, const char *path);

/* Accounts of every kind, for who names none. */
bool testbench_usual_accounts(testbench_site_t *site);

/* DIR/NAME in room[PATH_MAX]. */
const char *testbench_path(const testbench_site_t *site, const char *name, char room[PATH_MAX]);

#endif
