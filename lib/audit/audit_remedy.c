#include "audit_remedy.h"

/* The host that docs and conf/ have, and an account whose key is in its keytab. */
#define SPN "setspn -S HTTP/web.example.com http-web"

static const audit_remedy_t remedies[AUDIT_REMEDY_COUNT] = {
    {.why = "-",
     .meaning = "it says nothing; it may have asked for a ticket and got none",
     .lines = {SPN}},
    {.why = "raw",
     .meaning = "it has no SPNEGO: an old client, or a computer or account of no domain",
     .lines = {"{\"AuthServerAllowlist\": \"web.example.com\"} (policy of Chrome and Edge)"}},
    {.why = "kerberos-first",
     .meaning = "it had a ticket, and there is no Kerberos here, or it was refused",
     .lines = {"Include conf/kerberos.conf",
               "klist -k /etc/apache2/http.keytab (is the key there?)"}},
    {.why = "ip-address",
     .meaning = "it asked for an address, and no ticket is for one",
     .lines = {"Redirect \"/\" \"https://web.example.com/\" (in a virtual host for the address)"}},
    {.why = "alias",
     .meaning = "it asked for another name than ServerName",
     .lines = {"setspn -S HTTP/ALIAS http-web", "ServerAlias ALIAS"}},
    {.why = "no-spn",
     .meaning = "it names no service, so it cannot ask for a ticket",
     .lines = {"curl --negotiate -u : https://web.example.com/ (a program that can)"}},
    {.why = "unverified-spn",
     .meaning = "it does not trust the name of the service that it has",
     .lines = {SPN, "{\"AuthServerAllowlist\": \"web.example.com\"} (policy of Chrome and Edge)"}},
    {.why = "kerberos-not-offered",
     .meaning = "it has SPNEGO, but no Kerberos: no domain's computer, or nobody got a ticket",
     .lines = {"kinit alice@EXAMPLE.COM (or join the computer to the domain)"}},
};

const audit_remedy_t *audit_remedy(size_t index)
{
    return &remedies[index];
}

size_t audit_remedy_of(bytes_t why)
{
    for (size_t i = 0; i < AUDIT_REMEDY_COUNT; i++)
        if (bytes_equal(why, bytes_of(remedies[i].why))) return i;
    return 0;
}
