#include "times.h"

bytes_t time_of_type2(bytes_t message)
{
    type2_t type2;
    return type2_parse(message, &type2) ? bytes_none() : type2.said.timestamp;
}

bytes_t time_of_type3(bytes_t message)
{
    type3_t type3;
    ntlmv2_response_t response;
    if (type3_parse(message, &type3)) return bytes_none();
    return ntlmv2_response_parse(type3.nt, &response) ? bytes_none() : response.said.timestamp;
}
