#include "dump_exit.h"

#include <stdio.h>

dump_exit_t dump_usage(void)
{
    fputs(
        "usage: ntlmdump [--json] [TOKEN...|-]\n"
        "       ntlmdump verify [--json] (--nt-hash HEX | --password TEXT)\n"
        "                (RECORDING|- [--login NUMBER] |\n"
        "                 --type1 MESSAGE --type2 MESSAGE --type3 MESSAGE) [--require-mic]\n"
        "                [--binding off|allow|require] [--binding-data HEX | --cert FILE]\n"
        "                [--service off|allow|require|HTTP/HOST] [--service-host NAME]...\n"
        "                [--accept-domain NAME]...\n"
        "A TOKEN or a MESSAGE is hex, base64 or a header line; stdin may also be the output of\n"
        "curl -v. A RECORDING is that, too, a HAR, or the JSON of a test bench. See ntlmdump(1).\n",
        stderr);
    return DUMP_UNUSABLE;
}
