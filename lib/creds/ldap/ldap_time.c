#include "ldap_time.h"

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t digits_at(bytes_t text)
{
    size_t count = 0;
    while (count < text.len && is_digit(text.data[count])) count++;
    return count;
}

/* The number of so many digits at the front; takes them off. */
static int64_t take(bytes_t *text, size_t digits)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits; i++) number = 10 * number + (text->data[i] - '0');
    *text = bytes_from(*text, digits);
    return number;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. Years begin in March, so that
 * the leap day is the last one, and are counted from 400 years before 0, so that none is
 * negative. */
static int64_t days_to(int64_t year, int64_t month, int64_t day)
{
    int64_t y = (month > 2 ? year : year - 1) + 400, m = (month + 9) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468 - 146097;
}

/* "Z", "+HH" or "-HHMM": what is to be taken off. */
static bool parse_zone(bytes_t text, int64_t *seconds)
{
    bool west = text.len && text.data[0] == '-';
    if (text.len == 1 && text.data[0] == 'Z') return true;
    if (!text.len || (!west && text.data[0] != '+')) return false;
    bytes_t offset = bytes_from(text, 1);
    size_t digits = digits_at(offset);
    if (digits != offset.len || (digits != 2 && digits != 4)) return false;
    int64_t hours = take(&offset, 2), minutes = digits == 4 ? take(&offset, 2) : 0;
    *seconds -= (west ? -1 : 1) * (3600 * hours + 60 * minutes);
    return hours < 24 && minutes < 60;
}

bool ldap_time_parse(bytes_t text, int64_t *seconds)
{
    size_t digits = digits_at(text);
    if (digits != 10 && digits != 12 && digits != 14) return false;
    int64_t year = take(&text, 4), month = take(&text, 2), day = take(&text, 2);
    int64_t hour = take(&text, 2), minute = digits > 10 ? take(&text, 2) : 0;
    int64_t second = digits > 12 ? take(&text, 2) : 0;
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    *seconds = 86400 * days_to(year, month, day) + 3600 * hour + 60 * minute + second;
    if (text.len && (text.data[0] == '.' || text.data[0] == ',')) {
        text = bytes_from(text, 1);
        if (digits_at(text) == 0) return false;
        text = bytes_from(text, digits_at(text));
    }
    return parse_zone(text, seconds);
}

bool ldap_time_parse_number(bytes_t text, int64_t *seconds)
{
    enum { DIGITS_MAX = 18 };
    bool negative = text.len && text.data[0] == '-';
    bytes_t number = bytes_from(text, negative ? 1 : 0);
    size_t digits = digits_at(number);
    if (digits == 0 || digits != number.len) return false;
    *seconds = digits > DIGITS_MAX ? INT64_MAX : take(&number, digits);
    if (negative) *seconds = -*seconds;
    return true;
}
