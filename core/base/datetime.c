#include "base/datetime.h"

#include <stdbool.h>

static void write_digits(char *out, uint64_t number, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

static bool is_leap(uint64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint64_t days_in_month(uint64_t year, uint64_t month)
{
    static const uint64_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 1 && is_leap(year) ? 29 : days[month];
}

void datetime_write(char out[DATETIME_SIZE], uint64_t time)
{
    uint64_t seconds = time / 1000000000;
    uint64_t days = seconds / 86400;
    uint64_t year = 1970;
    while (days >= (is_leap(year) ? 366u : 365u))
        days -= is_leap(year++) ? 366u : 365u;
    uint64_t month = 0; /* January */
    while (days >= days_in_month(year, month))
        days -= days_in_month(year, month++);
    write_digits(out, year, 4);
    out[4] = '-';
    write_digits(out + 5, month + 1, 2);
    out[7] = '-';
    write_digits(out + 8, days + 1, 2);
    out[10] = 'T';
    write_digits(out + 11, seconds / 3600 % 24, 2);
    out[13] = ':';
    write_digits(out + 14, seconds / 60 % 60, 2);
    out[16] = ':';
    write_digits(out + 17, seconds % 60, 2);
    out[19] = 'Z';
    out[20] = '\0';
}
